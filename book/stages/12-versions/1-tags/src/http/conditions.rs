use httpdate::HttpDate;

pub struct Validators {
    pub etag: String,
    pub modified: Option<HttpDate>,
}
