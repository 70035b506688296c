//! The figures as a table, on standard output and in docs/performance.md.

use std::fmt::Write as _;
use std::time::Duration;

pub struct Figure {
    pub name: String,
    pub clients: usize,
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub raw_per_second: f64,
    pub statements: f64,
    pub cpu_ms: f64,
}

#[derive(Default)]
pub struct Report {
    text: String,
    /// What is told below the table that is being filled.
    notes: String,
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

impl Report {
    pub fn begin(&mut self, title: &str) {
        eprintln!("── {title}");
        self.end();
        write!(
            self.text,
            "\n## {title}\n\n| what | clients | per second | p50 ms | p99 ms | raw per second | ratio | statements | CPU ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        )
        .unwrap();
    }

    /// A part without a table.
    pub fn begin_notes(&mut self, title: &str) {
        eprintln!("── {title}");
        self.end();
        write!(self.text, "\n## {title}\n").unwrap();
    }

    pub fn add(&mut self, figure: Figure) {
        let line = format!(
            "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.2} | {:.1} | {:.2} |",
            figure.name,
            figure.clients,
            figure.per_second,
            ms(figure.p50),
            ms(figure.p99),
            figure.raw_per_second,
            figure.per_second / figure.raw_per_second,
            figure.statements,
            figure.cpu_ms,
        );
        eprintln!("{line}");
        writeln!(self.text, "{line}").unwrap();
    }

    pub fn note(&mut self, text: String) {
        eprintln!("{text}");
        writeln!(self.notes, "- {text}").unwrap();
    }

    fn end(&mut self) {
        if !self.notes.is_empty() {
            write!(self.text, "\n{}", std::mem::take(&mut self.notes)).unwrap();
        }
    }

    pub fn write(mut self) {
        self.end();
        let machine = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = machine
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .unwrap_or("")
            .trim_start_matches(['\t', ':', ' '])
            .to_owned();
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let head = format!(
            "# Performance\n\nWritten by `cargo xtask bench`. {cores} cores ({processor}), shared by server, database and load generator.\n\nA row is one kind of call over HTTP at so many connections, each sending the next call when the last was answered. \
             *Raw* is the same statements with values of the same size, sent to the same database in the same run by plain `rusqlite` (one thread, one commit for as many as there are clients, as group commit does) or `tokio-postgres` (as many connections as the server writes or reads with), without HTTP, JSON, rules or rights. \
             *Ratio* is ours divided by raw. *Statements* counts BEGIN, COMMIT and savepoints. *CPU* is that of server and load generator together. SQLite runs with `synchronous=FULL`, PostgreSQL with its defaults.\n"
        );
        let text = format!("{head}{}", self.text);
        println!("{text}");
        if let Ok(path) = std::env::var("CHANDLERY_PERFORMANCE") {
            std::fs::write(path, text).unwrap();
        }
    }
}

/// User and system time of this process, in seconds.
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}

/// The memory this process holds now, in megabytes.
pub fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

/// The most memory this process held, in megabytes.
pub fn peak_memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

/// Starts the peak anew, where the system lets us.
pub fn forget_peak() {
    if std::fs::write("/proc/self/clear_refs", "5").is_err() {
        eprintln!("the peak of memory cannot be started anew here");
    }
}
