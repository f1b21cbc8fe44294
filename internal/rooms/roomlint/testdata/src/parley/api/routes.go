package api

import "net"

func other() { _, _ = net.Listen("tcp", "") } // want `net.Listen reaches for the network`
