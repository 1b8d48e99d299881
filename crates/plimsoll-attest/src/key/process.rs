//! One question to a program: bytes in, bytes out, bounded in time and size.

use std::{
    io::{ErrorKind, Read, Write as _},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use plimsoll_model::one_line;

/// The most that a program may answer, in bytes.
pub(super) const MAX_ANSWER: usize = 64 << 10;
/// The most of standard error that is kept.
const MAX_COMPLAINT: usize = 2 << 10;
/// The most of standard error that is read; a program that writes on finds it closed.
const MAX_CHATTER: u64 = 1 << 20;
/// How often it is looked whether the program has ended.
const STEP: Duration = Duration::from_millis(5);
/// How long is waited for what is due in a moment: the last words of a program that has ended, or the end of one that
/// was killed.
const GRACE: Duration = Duration::from_millis(500);

/// Gives what `command` writes to standard output, when it ends with status 0 within `time`.
///
/// `input` goes to its standard input, which is empty without. The error says what the program did, in words that
/// follow its name. The program is killed when its time is over, when it answers more than [`MAX_ANSWER`], and when it
/// cannot be asked.
///
/// Each pipe has its thread, so that no side waits for the other. A thread that a grandchild keeps waiting by holding
/// its pipe is left behind: nothing waits for it.
pub(super) fn ask(mut command: Command, input: Option<Vec<u8>>, time: Duration) -> Result<Vec<u8>, String> {
    let start = Instant::now();
    let over = || start.elapsed() >= time;
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running(command.spawn().map_err(|error| format!("cannot be started: {error}"))?);
    let started = child.listen(input).map_err(|error| format!("cannot be listened to: {error}"));
    let Listening { answer, complaint } = started?;

    let mut output = None;
    let mut status: Option<ExitStatus> = None;
    loop {
        if output.is_none() {
            match answer.recv_timeout(STEP) {
                Ok(Ok(bytes)) => output = Some(bytes),
                Ok(Err(reason)) => return Err(reason),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err("could not be listened to".into()),
            }
        }
        if status.is_none() {
            status = child.0.try_wait().map_err(|error| format!("cannot be waited for: {error}"))?;
        }
        match (&mut output, status) {
            (_, Some(status)) if !status.success() => {
                return Err(format!("failed ({status}){}", complaint.wait()));
            }
            (Some(bytes), Some(_)) => return Ok(std::mem::take(bytes)),
            (None, Some(_)) if over() => {
                return Err("ended, but something that it started keeps its standard output open".into());
            }
            _ if over() => {
                return Err(format!("did not end within {} seconds and was stopped", time.as_secs_f32()));
            }
            (Some(_), None) => thread::sleep(STEP),
            (None, _) => {}
        }
    }
}

/// A program that does not outlive the question.
struct Running(Child);

struct Listening {
    answer: Receiver<Result<Vec<u8>, String>>,
    complaint: Complaint,
}

impl Running {
    fn listen(&mut self, input: Option<Vec<u8>>) -> std::io::Result<Listening> {
        let missing = || std::io::Error::from(ErrorKind::BrokenPipe);
        let stdout = self.0.stdout.take().ok_or_else(missing)?;
        let stderr = self.0.stderr.take().ok_or_else(missing)?;
        if let Some(input) = input {
            let stdin = self.0.stdin.take().ok_or_else(missing)?;
            thread::Builder::new().spawn(move || give(stdin, &input))?;
        }
        let (sender, answer) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            // Nobody listens any more when the program was stopped.
            let _ = sender.send(read_all(stdout));
        })?;
        let complaint = Complaint::of(stderr)?;
        Ok(Listening { answer, complaint })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails where the program has ended.
        let _ = self.0.kill();
        let end = Instant::now() + GRACE;
        // Not `wait`: a program in the middle of a system call that cannot be broken off would hold us.
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(STEP);
        }
    }
}

/// Writes the message. A program may do without it; whether its answer is right is seen by the answer.
fn give(mut stdin: ChildStdin, input: &[u8]) {
    let _ = stdin.write_all(input);
}

fn read_all(stdout: impl Read) -> Result<Vec<u8>, String> {
    match plimsoll_model::read_bounded(stdout, MAX_ANSWER as u64) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(format!("answered more than {} KiB and was stopped", MAX_ANSWER >> 10)),
        Err(error) => Err(format!("could not be read from: {error}")),
    }
}

/// The end of what a program writes to standard error.
struct Complaint {
    text: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Complaint {
    fn of(stderr: impl Read + Send + 'static) -> std::io::Result<Self> {
        let text = Arc::new(Mutex::new(Vec::new()));
        let (sender, ended) = mpsc::channel();
        let kept = Arc::clone(&text);
        thread::Builder::new().spawn(move || {
            let mut stderr = stderr.take(MAX_CHATTER);
            let mut chunk = [0; 1 << 10];
            loop {
                match stderr.read(&mut chunk) {
                    Ok(0) => break,
                    Ok(length) => {
                        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                        kept.extend(chunk.iter().take(length));
                        let surplus = kept.len().saturating_sub(MAX_COMPLAINT);
                        kept.drain(..surplus);
                    }
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            let _ = sender.send(());
        })?;
        Ok(Self { text, ended })
    }

    /// Gives what was said, ready to stand after a reason; empty when nothing was.
    fn wait(&self) -> String {
        // Also over when the thread is gone or something keeps the pipe open.
        let _ = self.ended.recv_timeout(GRACE);
        let text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let said = one_line(&String::from_utf8_lossy(&text));
        if said.is_empty() { " and said nothing".into() } else { format!(": {said}") }
    }
}
