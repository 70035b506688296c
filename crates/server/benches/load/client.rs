//! A small HTTP/1.1 load generator: it costs little, so the figures are the server's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[derive(Clone)]
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub body: String,
    pub token: String,
    /// The session of a browser, in place of a token.
    pub cookie: Option<String>,
}

pub struct Done {
    pub took: Duration,
    pub bodies: Vec<String>,
    times: Vec<Duration>,
}

impl Done {
    pub fn percentile(&self, percent: usize) -> Duration {
        self.times[(self.times.len() * percent / 100).min(self.times.len() - 1)]
    }
}

/// Sends the calls over `clients` connections, each of which sends the next when the last was answered.
pub async fn drive(address: &str, clients: usize, calls: Vec<Call>) -> Done {
    send(address, clients, calls, false).await
}

/// The same, whatever is answered: for calls that are to be turned away.
pub async fn drive_whatever(address: &str, clients: usize, calls: Vec<Call>) -> Done {
    send(address, clients, calls, true).await
}

async fn send(address: &str, clients: usize, calls: Vec<Call>, whatever: bool) -> Done {
    let (calls, next) = (Arc::new(calls), Arc::new(AtomicUsize::new(0)));
    let mut connections = Vec::new();
    for _ in 0..clients {
        let connection = TcpStream::connect(address).await.unwrap();
        connection.set_nodelay(true).unwrap();
        connections.push(connection);
    }
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for connection in connections {
        running.spawn(one_client(connection, Arc::clone(&calls), Arc::clone(&next), whatever));
    }
    let mut done = Done { took: Duration::ZERO, bodies: Vec::new(), times: Vec::new() };
    while let Some(result) = running.join_next().await {
        for (time, body) in result.unwrap() {
            done.times.push(time);
            done.bodies.push(body);
        }
    }
    done.took = begun.elapsed();
    done.times.sort_unstable();
    done
}

async fn one_client(
    mut connection: TcpStream,
    calls: Arc<Vec<Call>>,
    next: Arc<AtomicUsize>,
    whatever: bool,
) -> Vec<(Duration, String)> {
    let mut answers = Vec::new();
    let mut buffer = Vec::with_capacity(64 * 1024);
    while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
        let mut id = [0; 16];
        chandlery::ids::fill(&mut id);
        let id = uuid::Uuid::from_bytes(id);
        let who = match &call.cookie {
            Some(cookie) => format!("Cookie: {cookie}"),
            None => format!("Authorization: Bearer {}", call.token),
        };
        let request = format!(
            "{} {} HTTP/1.1\r\nHost: bench\r\n{who}\r\nMS-RequestId: {id}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            call.method,
            call.path,
            call.body.len(),
            call.body
        );
        let begun = Instant::now();
        connection.write_all(request.as_bytes()).await.unwrap();
        let (status, body) = read_answer(&mut connection, &mut buffer).await;
        assert!(whatever || (200..300).contains(&status), "{} {}: {status} {body}", call.method, call.path);
        answers.push((begun.elapsed(), if answers.len() < 200_000 { body } else { String::new() }));
    }
    answers
}

async fn read_answer(connection: &mut TcpStream, buffer: &mut Vec<u8>) -> (u16, String) {
    buffer.clear();
    loop {
        let read = connection.read_buf(buffer).await.unwrap();
        assert!(read > 0, "the server hung up");
        let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.trim().parse().unwrap());
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        while buffer.len() < end + 4 + length {
            assert!(connection.read_buf(buffer).await.unwrap() > 0, "the server hung up");
        }
        return (status, String::from_utf8_lossy(&buffer[end + 4..end + 4 + length]).into_owned());
    }
}
