//! Chapters 1 to 3.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use checks::check::Check;
use checks::client::Options;
use checks::evidence::failure::{Attempt, Failure};
use checks::scene::Scene;
use checks::system::tool::Tool;
use rustix::process::Signal;

use super::{calls_from, expect_equal, expect_printed};

pub const CHECKS: &[Check] = &[
    Check::new(
        1,
        "a_stopped_server_answers_later",
        "A server that is stopped is connected to, and answers when it goes on.",
        a_stopped_server_answers_later,
    ),
    Check::new(
        1,
        "a_restart_finds_its_port_taken",
        "A server stopped while a client is connected can't start again.",
        a_restart_finds_its_port_taken,
    ),
    Check::new(
        1,
        "a_restart_after_the_client_left_finds_its_port_free",
        "A server whose client left before it was stopped can start again.",
        a_restart_after_the_client_left_finds_its_port_free,
    ),
    Check::new(
        1,
        "who_connects_is_named",
        "The server prints the address of whoever connects.",
        who_connects_is_named,
    ),
    Check::new(
        2,
        "what_is_lost_is_counted",
        "The server says how many bytes it drops.",
        what_is_lost_is_counted,
    ),
    Check::new(
        2,
        "what_one_says_all_hear",
        "What one client says, all clients hear.",
        what_one_says_all_hear,
    ),
    Check::new(
        3,
        "an_echo_takes_a_poll_of_its_own",
        "Between reading and writing the server asks whether it may write.",
        an_echo_takes_a_poll_of_its_own,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        3,
        "who_sends_and_never_reads_waits",
        "Of 64 MiB from a client that doesn't read the server doesn't take all.",
        who_sends_and_never_reads_waits,
    ),
    Check::new(
        3,
        "whoever_connects_is_welcomed",
        "The server speaks first, and then echoes.",
        whoever_connects_is_welcomed,
    ),
];

fn a_stopped_server_answers_later(scene: &mut Scene) -> Attempt {
    scene.pause()?;
    let mut a = scene.connect()?;
    a.question()?;
    a.expect_silence()?;
    scene.resume()?;
    a.answer()
}

fn a_restart_finds_its_port_taken(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.ask()?;
    let address = stopped(scene)?;
    a.expect_end()?;
    a.close();
    let line = restarted(scene, address)?;
    expect_contained("Address already in use", &line)
}

fn a_restart_after_the_client_left_finds_its_port_free(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.ask()?;
    a.half_close()?;
    a.expect_end()?;
    a.close();
    let address = stopped(scene)?;
    let line = restarted(scene, address)?;
    expect_contained("listening on", &line)
}

/// The address of the server, which has ended as by Ctrl-C: that one may be ignored here.
fn stopped(scene: &mut Scene) -> Attempt<SocketAddr> {
    scene.signal(Signal::KILL)?;
    let patience = scene.patience;
    let server = scene.start()?;
    let status = server.exit_within(patience);
    let signal = status.and_then(|status| status.signal());
    let address = server.address;
    expect_equal("the signal that ended the server", 9, signal.unwrap_or(0))?;
    Ok(address)
}

/// The first line that the program prints when it is started at this address.
fn restarted(scene: &Scene, address: SocketAddr) -> Attempt<String> {
    let words = scene.program.words();
    let fault = |error| Failure::fact("the program starts again", "yes", error);
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .arg(address.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(fault)?;
    let mut line = String::new();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let _ = BufReader::new(stdout.expect("it is piped")).read_line(&mut line);
    let _ = child.kill();
    let _ = stderr.expect("it is piped").read_to_string(&mut line);
    let _ = child.wait();
    Ok(line)
}

fn expect_contained(expected: &str, line: &str) -> Attempt {
    match line.contains(expected) {
        true => Ok(()),
        false => Err(Failure::fact("what the server prints", expected, line)),
    }
}

fn who_connects_is_named(scene: &mut Scene) -> Attempt {
    let address = scene.start()?.address;
    let fault = |error| Failure::fact("a client connects", "yes", error);
    let a = TcpStream::connect(address).map_err(fault)?;
    let own = a.local_addr().map_err(fault)?;
    expect_printed(scene, &format!("{own} has connected\n"))
}

fn what_is_lost_is_counted(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    a.send(vec![b'x'; 8 << 20])?;
    expect_printed(scene, " bytes\n")?;
    expect_printed(scene, "lost ")
}

/// Each says something when it has come, and so those who came before are known to be there.
fn what_one_says_all_hear(scene: &mut Scene) -> Attempt {
    let mut present = Vec::new();
    for words in ["one\n", "two\n", "three\n"] {
        let mut client = scene.connect()?;
        client.send(words)?;
        present.push(client);
        for client in &mut present {
            client.expect(words)?;
        }
    }
    Ok(())
}

fn an_echo_takes_a_poll_of_its_own(scene: &mut Scene) -> Attempt {
    scene.start_traced()?;
    let mut a = scene.connect()?;
    a.ask()?;
    a.send("again\n")?;
    a.expect("again\n")?;
    let calls = calls_from(scene, "hello", &["read", "poll", "write"]);
    let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
    let expected = ["read", "poll", "write", "poll", "read", "poll", "write"];
    expect_equal("the calls", expected.join(" "), names[..names.len().min(7)].join(" "))?;
    expect_contained("POLLOUT", &calls[1].args)
}

fn who_sends_and_never_reads_waits(scene: &mut Scene) -> Attempt {
    let all = vec![b'x'; 64 << 20];
    let mut a = scene.connect()?;
    let taken = a.send_until_refused(&all);
    a.expect_fact("it takes", "less than all", "all", taken < all.len())
}

fn whoever_connects_is_welcomed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.expect("welcome\n")?;
    a.ask()?;
    let mut b = scene.connect()?;
    b.expect("welcome\n")?;
    b.ask()?;
    a.ask()
}
