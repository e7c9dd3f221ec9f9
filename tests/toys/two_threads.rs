//! A server of two threads: one accepts and reads, the other answers. Asked how many it has
//! answered, the first says so: what it says depends on what the other has done.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

fn main() {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address).expect("the address is free");
    let (hand_over, jobs) = mpsc::channel();
    let answered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&answered);
    thread::spawn(move || answer(jobs, &count));
    for client in listener.incoming() {
        let mut client = client.expect("a client");
        let mut question = [0; 64];
        let length = client.read(&mut question).expect("a question");
        if &question[..length] == b"how many?" {
            let count = answered.load(Ordering::SeqCst);
            write!(client, "{count}").expect("the client is there");
        } else {
            hand_over.send((client, question[..length].to_vec())).expect("it lives");
        }
    }
}

fn answer(jobs: Receiver<(TcpStream, Vec<u8>)>, answered: &AtomicUsize) {
    for (mut client, question) in jobs {
        answered.fetch_add(1, Ordering::SeqCst);
        client.write_all(&question).expect("the client is there");
    }
}
