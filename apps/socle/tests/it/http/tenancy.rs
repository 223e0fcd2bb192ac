//! Another tenant with our identifiers and our words: nothing is seen, nothing told apart.

use serde_json::Value;

use super::{
    client::Answer,
    rows::{Call, Kind, ROWS, Row},
    site::Site,
};

/// How many places of all routes name something; a new one is tried as well.
const PLACES_MIN: usize = 35;

/// Where a call names something: in its path, or somewhere in its query or body.
#[derive(Debug, Clone, Copy)]
enum Place<'p> {
    Path,
    Query(usize),
    Body(&'p str),
}

fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(kind, rest)| {
        (3..=4).contains(&kind.len())
            && rest.len() == 32
            && rest.bytes().all(|it| it.is_ascii_hexdigit())
    })
}

/// What a tenant calls its own.
fn is_word(text: &str) -> bool {
    text.starts_with("ours-") || text.starts_with("theirs-") || text.ends_with(":owner")
}

fn is_look(row: &Row) -> bool {
    matches!(row.kind, Kind::Look | Kind::Pages)
}

/// The same kind of name, of something that nobody has.
fn nobodys(name: &str) -> String {
    match name.split_once('_') {
        Some((kind, _)) if is_id(name) => format!("{kind}_{}", "0123456789abcdef".repeat(2)),
        // What is done with our word by one route is done with this one too.
        _ => name.replacen("ours", "nobody", 1),
    }
}

/// Pointers to all texts of a body.
fn texts(body: &Value, at: &str, found: &mut Vec<String>) {
    match body {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(parts) => {
            for (index, part) in parts.iter().enumerate() {
                texts(part, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(parts) => {
            for (name, part) in parts {
                texts(part, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

impl Call {
    fn named_at(&self, place: Place<'_>) -> &str {
        match place {
            Place::Path => self.id.as_deref().unwrap(),
            Place::Query(index) => &self.query[index].1,
            Place::Body(at) => self.body.as_ref().unwrap().pointer(at).unwrap().as_str().unwrap(),
        }
    }

    fn naming(mut self, place: Place<'_>, name: &str) -> Self {
        match place {
            Place::Path => self.id = Some(name.to_owned()),
            Place::Query(index) => name.clone_into(&mut self.query[index].1),
            Place::Body(at) => *self.body.as_mut().unwrap().pointer_mut(at).unwrap() = name.into(),
        }
        self
    }
}

/// An answer without what names the request and its moment, or repeats what was named.
fn told(answer: &Answer, name: &str) -> (u16, String) {
    let id = answer.header("x-request-id").unwrap();
    let text = answer.text.replace(id, "REQUEST").replace(name, "NAME");
    let moment = answer.json()["at"].as_str().map(str::to_owned);
    let text = moment.map_or(text.clone(), |it| text.replace(&it, "MOMENT"));
    // A purchase's identifier is made of its reference, and so repeats it.
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let is_made = |it: &&str| is_id(it) && it.starts_with("pur_");
    let made = text.split(|it| !is_part(it)).find(is_made).map(str::to_owned);
    (answer.status, made.map_or(text.clone(), |it| text.replace(&it, "MADE")))
}

/// What the first tenant has, in numbers, and that it is in order.
fn books(site: &Site) -> (String, Value) {
    let tables = [
        "socle_ledger.account",
        "socle_ledger.transfer",
        "socle_ledger.entry",
        "socle_ledger.hold",
        "socle_ledger.lot",
        "socle_ledger.purchase",
        "socle_ledger.programme",
        "socle_ledger.verification",
        "socle_auth.api_key",
    ];
    let counts =
        tables.map(|table| format!("(select count(*) from {table} where tenant_id = t.id)"));
    let holds = "(select string_agg(state || captured, ',' order by id) from socle_ledger.hold \
                 where tenant_id = t.id)";
    let sql = format!(
        "select {}, {holds} from socle_auth.tenant as t where t.handle = 'ours'",
        counts.join(", "),
    );
    (site.place.psql(&sql), site.place.ask(&["--tenant", "ours", "ledger", "verify"]))
}

/// Tries a name of ours, and one of nobody, in one place of a call of theirs.
fn try_place(site: &Site, row: &Row, place: Place<'_>, ours: &str) {
    let nobody = nobodys(ours);
    let [stolen, unknown] = [ours, &nobody].map(|name| {
        let call = site.call(row, &site.theirs).naming(place, name);
        site.send(row, &Site::ask(row, &site.theirs, &call))
    });

    let at = format!("{} {} {place:?}: {stolen:?}", row.verb(), row.path);
    if 400 <= unknown.status || is_id(ours) || is_look(row) {
        assert_eq!(told(&stolen, ours), told(&unknown, &nobody), "{at}");
    } else {
        // A word may be taken by both, each for something of its own.
        assert_eq!(stolen.status, unknown.status, "{at}");
    }
}

#[test]
fn names_of_another_tenant_are_answered_like_those_that_nobody_has() {
    let site = Site::of(crate::place::Place::new());
    let mut rows: Vec<_> = ROWS.iter().collect();
    // Looks first: what others do with a word of ours would be seen afterwards.
    rows.sort_by_key(|it| !is_look(it));
    let ours: Vec<_> = rows.iter().map(|row| site.call(row, &site.ours)).collect();
    let before = books(&site);
    let mut places = 0;

    for (row, ours) in rows.into_iter().zip(&ours) {
        let mut pointers = Vec::new();
        ours.body.iter().for_each(|it| texts(it, "", &mut pointers));
        let in_path = ours.id.is_some().then_some(Place::Path);
        let in_query = (0..ours.query.len()).map(Place::Query);
        let in_body = pointers.iter().map(|it| Place::Body(it));
        for place in in_path.into_iter().chain(in_query).chain(in_body) {
            let name = ours.named_at(place);
            if is_id(name) || is_word(name) {
                places += 1;
                try_place(&site, row, place, name);
            }
        }
    }

    assert!(PLACES_MIN <= places, "only {places} places");
    assert_eq!(books(&site), before, "nothing of ours has changed");
}

#[test]
fn lists_show_nothing_of_another_tenant() {
    let site = Site::shared();
    let ours = site.ours.handle;
    for row in ROWS.iter().filter(|it| is_look(it)) {
        let seen = site.send(row, &Site::ask(row, &site.theirs, &site.call(row, &site.theirs)));
        let names = [format!("{ours}-"), format!("\"{ours}"), format!("sk_{ours}_")];
        assert!(!names.iter().any(|it| seen.text.contains(it)), "{}: {seen:?}", row.path);
    }
}
