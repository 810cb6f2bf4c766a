"""Search: our analyzer, two engines that propose, one ranking that orders, and the aids of typing."""
