"""Tests of packager.text."""
