//! The command `cargo plimsoll`.

fn main() -> std::process::ExitCode {
    plimsoll_cli::cargo_plimsoll(std::env::args_os())
}
