"""Where HTTP ends: sockets and bytes on one side, one request and one reply on the other."""
