package line

import "net"

func other() { _, _ = net.Dial("tcp", "") } // want `net.Dial reaches for the network`
