"""The verbs of a build, one module for those before writing and one for those from it on."""
