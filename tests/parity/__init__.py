"""Networks of the zoo against the classes of other libraries, with weights that carry the signal."""
