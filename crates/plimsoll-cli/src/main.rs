//! The command `plimsoll`.

fn main() -> std::process::ExitCode {
    plimsoll_cli::plimsoll(std::env::args_os())
}
