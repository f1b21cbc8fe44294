package roomlint

// reaches is the table of what is kept out, and from where not.
func reaches() []reach {
	return []reach{theClock(), randomness(), theNetwork(), httpEnds(), theDisk(), theProcess(), globalLoggers()}
}

func theClock() reach {
	return reach{
		what:  "the clock",
		mend:  "take a clock.Clock or the time as a parameter",
		rooms: []string{"cmd", "internal/clock"},
		packages: []surface{
			{path: "time", names: []string{
				"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}},
			{path: "context", names: []string{
				"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"}},
		},
	}
}

func randomness() reach {
	return reach{
		what:  "randomness",
		mend:  "take an io.Reader as a parameter",
		rooms: []string{"cmd"},
		packages: []surface{
			{path: "crypto/rand", except: true},
			{path: "math/rand", except: true},
			{path: "math/rand/v2", except: true},
		},
	}
}

func theNetwork() reach {
	return reach{
		what:  "the network",
		mend:  "take a connection, a listener or a dial function as a parameter",
		rooms: []string{"cmd"},
		files: []string{"line/dial.go", "api/server.go"},
		packages: []surface{
			{path: "net", names: []string{
				"Dial", "DialTimeout", "DialIP", "DialTCP", "DialUDP", "DialUnix", "Dialer", "Listen", "ListenIP",
				"ListenTCP", "ListenUDP", "ListenUnix", "ListenUnixgram", "ListenMulticastUDP", "ListenPacket",
				"ListenConfig", "Resolver", "DefaultResolver", "LookupAddr", "LookupCNAME", "LookupHost", "LookupIP",
				"LookupMX", "LookupNS", "LookupPort", "LookupSRV", "LookupTXT", "ResolveIPAddr", "ResolveTCPAddr",
				"ResolveUDPAddr", "Interfaces", "InterfaceAddrs", "InterfaceByIndex", "InterfaceByName", "FileConn",
				"FileListener", "FilePacketConn"}},
			{path: "crypto/tls", names: []string{"Dial", "DialWithDialer", "Dialer", "Listen"}},
			{path: "net/http", names: []string{
				"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport", "ListenAndServe",
				"ListenAndServeTLS", "Server.ListenAndServe", "Server.ListenAndServeTLS"}},
		},
	}
}

// httpEnds are harmless where their connections are given to them, which only the rooms at the
// house's edge have reason to do.
func httpEnds() reach {
	return reach{
		what:     "an HTTP client or server",
		mend:     "only line, alert, pool, witness, internal/serving and cmd speak HTTP",
		rooms:    []string{"cmd", "line", "alert", "pool", "witness", "internal/serving"},
		packages: []surface{{path: "net/http", names: []string{"Client", "Server", "Transport", "Serve", "ServeTLS"}}},
	}
}

func theDisk() reach {
	return reach{
		what:  "the disk",
		mend:  "take bytes, an fs.FS or a store.Store as a parameter",
		rooms: []string{"cmd", "store/pebble"},
		packages: []surface{
			{path: "os", except: true, names: append(words(), processNames()...)},
			{path: "io/ioutil", names: []string{"ReadFile", "WriteFile", "ReadDir", "TempDir", "TempFile"}},
			{path: "path/filepath", names: []string{"Abs", "EvalSymlinks", "Glob", "Walk", "WalkDir"}},
		},
	}
}

func theProcess() reach {
	return reach{
		what:  "the process and its surroundings",
		mend:  "only cmd reads the environment, runs programs and ends",
		rooms: []string{"cmd"},
		packages: []surface{
			{path: "os", names: processNames()},
			{path: "os/exec", except: true},
			{path: "os/signal", except: true},
			{path: "os/user", except: true},
			{path: "syscall", except: true, names: []string{"Errno", "ENOSPC", "EIO"}},
		},
	}
}

func globalLoggers() reach {
	return reach{
		what:  "a logger that the whole process shares",
		mend:  "take a *slog.Logger as a parameter",
		rooms: []string{"cmd"},
		packages: []surface{
			{path: "log", except: true, names: []string{"Logger", "LstdFlags"}},
			{path: "log/slog", names: []string{
				"Default", "SetDefault", "SetLogLoggerLevel", "Debug", "DebugContext", "Info", "InfoContext", "Warn",
				"WarnContext", "Error", "ErrorContext", "Log", "LogAttrs"}},
		},
	}
}

// words are the names of package os that only speak about files, and touch none.
func words() []string {
	return []string{
		"ErrInvalid", "ErrPermission", "ErrExist", "ErrNotExist", "ErrClosed", "ErrDeadlineExceeded", "PathError",
		"LinkError", "SyscallError", "IsExist", "IsNotExist", "IsPermission", "IsTimeout", "FileMode", "FileInfo",
		"DirEntry", "ModeDir", "ModePerm", "O_RDONLY", "O_WRONLY", "O_RDWR", "O_APPEND", "O_CREATE", "O_EXCL",
		"O_SYNC", "O_TRUNC", "PathSeparator",
	}
}

// processNames are the names of package os that are about the process, not the disk.
func processNames() []string {
	return []string{
		"Args", "Clearenv", "Environ", "Exit", "ExpandEnv", "FindProcess", "Getenv", "Getpid", "Getppid", "Getuid",
		"Hostname", "Interrupt", "Kill", "LookupEnv", "Process", "Setenv", "Signal", "StartProcess", "Stderr",
		"Stdin", "Stdout", "Unsetenv",
	}
}
