raise RuntimeError("imported without being enabled")
