"""The optional client of Partner Center operated by 21Vianet. Facts: docs/partner-center.md."""
