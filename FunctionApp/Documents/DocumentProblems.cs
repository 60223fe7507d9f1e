using Advisor.Documents.Intake;
using Advisor.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace Advisor.Documents;

/// <summary>The one place where refusals of documents become HTTP problems.</summary>
public static class DocumentProblems
{
    public static Problem Of(IntakeRejection rejection) => new(
        rejection switch
        {
            IntakeRejection.OversizedFile or IntakeRejection.ZipBomb or IntakeRejection.TooManyCells => StatusCodes.Status413PayloadTooLarge,
            IntakeRejection.UnsupportedFile or IntakeRejection.MislabelledFile => StatusCodes.Status415UnsupportedMediaType,
            _ => StatusCodes.Status422UnprocessableEntity,
        },
        rejection.Slug,
        rejection.Title,
        rejection.Advice);

    public static Problem Of(IngestionError error) =>
        new(StatusCodes.Status422UnprocessableEntity, error.Type.Split(':')[^1], error.Title, error.Detail);
}
