//! Descriptions for the REST API that no derive can give: of types whose form on the wire is another type's.

/// Describes a type by the schema of its form on the wire, under the type's own name.
macro_rules! described_as {
    ($type:ty, $form:ty) => {
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                <$form as utoipa::PartialSchema>::schema()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                let name = stringify!($type);
                name.split('<').next().unwrap_or(name).trim_end().into()
            }

            fn schemas(all: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                <$form as utoipa::ToSchema>::schemas(all);
            }
        }
    };
}
pub(crate) use described_as;
