use std::sync::Arc;

use keelson_application::model::Models;
use keelson_domain::model::Connection;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::error::ModelResult;
use crate::caller::Admin;

pub(super) struct PipelineApi {
    pub(super) models: Arc<Models>,
}

/// The servers of pipelines.
#[derive(Object)]
struct PipelineServers {
    data: Vec<PipelineServer>,
}

/// A connection to a server of pipelines.
#[derive(Object)]
struct PipelineServer {
    /// Its address.
    url: String,
    /// Its position among the connections, from 0.
    idx: usize,
}

impl From<&Connection> for PipelineServer {
    fn from(connection: &Connection) -> Self {
        Self {
            url: connection.url.clone(),
            idx: connection.index,
        }
    }
}

#[OpenApi(prefix_path = "/api/v1/pipelines", tag = "Tag::Pipelines")]
impl PipelineApi {
    /// Lists the connections whose servers offer pipelines.
    ///
    /// The servers are asked for their lists of models again; one that does not answer in time is judged by its last list.
    #[oai(path = "/list", method = "get", operation_id = "pipelines_list")]
    async fn list(&self, admin: Admin) -> ModelResult<Json<PipelineServers>> {
        let servers = self.models.list_pipeline_servers(&admin.0).await?;
        let data = servers.iter().map(|server| server.as_ref().into()).collect();
        Ok(Json(PipelineServers { data }))
    }
}
