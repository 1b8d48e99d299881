//! Signing and publishing.

use super::{Operands, TOOL, Tool};

pub(super) const RELEASES: &[Tool] = &[
    Tool {
        run: &[
            "cosign sign",
            "cosign sign-blob",
            "minisign -S",
            "gpg --detach-sign",
            "gpg -b",
            "sigstore sign",
            "rsign sign",
            "signify -S",
        ],
        is: &["sign"],
        options: "--yes -y --key= --bundle= --output-signature= --output-certificate= --recursive -r --armor -a --batch --yes --local-user= -u= --passphrase-fd= --pinentry-mode= --output= -o= -m= -s= -t= -x= --tlog-upload= --new-bundle-format[=] -q -v --no-tty",
        operands: Operands::Any,
        ..TOOL
    },
    Tool {
        run: &["cosign attest", "cosign attest-blob"],
        is: &["provenance"],
        options: "--yes -y --key= --predicate= --type= --bundle= --recursive -r --tlog-upload= --replace[=] --output-attestation= --output-signature= --hash= --statement= --new-bundle-format[=]",
        operands: Operands::Any,
        ..TOOL
    },
    Tool {
        run: &[
            "gh release create",
            "gh release upload",
            "docker push",
            "docker buildx build",
            "podman push",
            "skopeo copy",
            "crane push",
            "helm push",
            "gem push",
            "nuget push",
            "dotnet nuget push",
            "dotnet pack",
            "cargo dist",
        ],
        is: &["publish"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["goreleaser release", "goreleaser"],
        is: &["publish"],
        options: "--clean --config= -f= --timeout= --parallelism= -p= --release-notes= --rm-dist --release-header= --release-footer= --verbose --draft",
        void: "--snapshot --skip=publish build check healthcheck --skip-publish --single-target",
        passes: "",
        ..TOOL
    },
    Tool {
        run: &["codecov", "coveralls", "codecovcli upload-process"],
        is: &["coverage"],
        operands: Operands::Select,
        ..TOOL
    },
];
