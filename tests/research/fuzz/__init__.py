"""Every reader, fed with bytes that libFuzzer changes where that leads to code it has not seen yet."""
