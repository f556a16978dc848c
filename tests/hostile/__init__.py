"""What unkind peers do, and that the room goes on: over real sockets, by a fuzzer, and in a storm."""
