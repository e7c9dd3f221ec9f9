pub struct Validators {
    pub etag: String,
}
