"""netspec: the compiler for neural-network architectures."""
