//! Builds tiny repositories with fixed dates and finds the shared real data (dev only).
