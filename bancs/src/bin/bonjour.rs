//! Un axum nu : une route, un mot. Ce que la machine sait servir quand il n'y a rien à faire.

use axum::Router;
use axum::routing::get;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let adresse = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8431".to_owned());
    let ecoute = tokio::net::TcpListener::bind(&adresse).await?;
    println!("http://{adresse}/");
    axum::serve(ecoute, Router::new().route("/", get(async || "bonjour"))).await
}
