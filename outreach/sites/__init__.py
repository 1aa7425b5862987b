"""The register of sites: where they are, when they are open, who may know."""
