//! Lockfiles and manifests to components with package URLs; CycloneDX and SPDX out.
