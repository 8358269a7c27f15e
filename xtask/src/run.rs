//! Calling other programs, and what can go wrong with that.

use std::{
    fmt, io,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// Why a task did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A program could not be started at all.
    NotStarted { program: String, source: io::Error },
    /// A program ran and said no.
    Refused { program: String },
    /// A file could not be read or written.
    File { path: String, source: io::Error },
    /// `cargo metadata` said something that this tool does not understand.
    Metadata(serde_json::Error),
    /// Some steps failed; each has said so itself.
    Steps(Vec<String>),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, source } => {
                write!(f, "`{program}` could not be started ({source}); is it installed?")
            }
            Self::Refused { program } => write!(f, "`{program}` failed; its own words are above"),
            Self::File { path, source } => write!(f, "`{path}`: {source}"),
            Self::Metadata(source) => write!(f, "`cargo metadata` was not understood: {source}"),
            Self::Steps(steps) => write!(f, "failed: {}", steps.join(", ")),
        }
    }
}

/// Says what is run, runs it on this terminal, and waits.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let program = announce(command);
    let status = command.status().map_err(|source| not_started(&program, source))?;
    if status.success() { Ok(()) } else { Err(Failure::Refused { program }) }
}

/// Runs quietly and returns what the program printed.
pub(crate) fn output_of(command: &mut Command) -> Result<Vec<u8>, Failure> {
    let program = spelled(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| not_started(&program, source))?;
    if output.status.success() { Ok(output.stdout) } else { Err(Failure::Refused { program }) }
}

/// Whether a program is there and answers; it may say no without a word.
pub(crate) fn answers(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// How a program's run ended, and the line in which it says so itself.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) succeeded: bool,
    pub(crate) summary: Option<String>,
}

/// Runs, shows every line as it comes, and keeps the last one that `is_summary`.
///
/// The program's standard error becomes its standard output, so that lines keep their order.
pub(crate) fn run_telling(
    command: &mut Command,
    is_summary: fn(&str) -> bool,
) -> Result<Told, Failure> {
    let program = announce(command);
    let failed = |source| not_started(&program, source);
    let (reader, writer) = io::pipe().map_err(failed)?;
    let errors = writer.try_clone().map_err(failed)?;
    let mut child = command.stdout(writer).stderr(errors).spawn().map_err(failed)?;
    // The command still holds the writing ends; the pipe ends only when they are gone.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let mut summary = None;
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.map_err(failed)?;
        let line = String::from_utf8_lossy(&line).into_owned();
        println!("{line}");
        if is_summary(&line) {
            summary = Some(line);
        }
    }
    let status = child.wait().map_err(failed)?;
    Ok(Told { succeeded: status.success(), summary })
}

fn announce(command: &Command) -> String {
    let program = spelled(command);
    println!("+ {program}");
    program
}

/// The program's name without its folder, and its arguments, as one would type them.
fn spelled(command: &Command) -> String {
    let path = std::path::Path::new(command.get_program());
    let name = path.file_name().unwrap_or(command.get_program()).to_string_lossy();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(name).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn not_started(program: &str, source: io::Error) -> Failure {
    Failure::NotStarted { program: program.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_summary_line_is_kept() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo sum 1; echo sum 2 >&2; echo other"]);
        let told = run_telling(&mut shell, |line| line.starts_with("sum")).unwrap();
        assert!(told.succeeded);
        assert_eq!(told.summary.as_deref(), Some("sum 2"));
    }

    #[test]
    fn a_program_that_says_no_is_a_failure() {
        assert!(matches!(run(&mut Command::new("false")), Err(Failure::Refused { .. })));
    }

    #[test]
    fn a_program_that_is_not_there_is_not_a_panic() {
        let mut absent = Command::new("surely-not-installed");
        assert!(matches!(run(&mut absent), Err(Failure::NotStarted { .. })));
        assert!(!answers(&mut absent));
    }
}
