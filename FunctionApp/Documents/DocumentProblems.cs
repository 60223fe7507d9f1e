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

    /// <param name="what">"facts", "words", ...</param>
    public static Problem NotReady(string what) => new(StatusCodes.Status409Conflict, "not-ready", "The document has not been read yet",
        $"Its {what} are there once its ingestion has gone past 'extracting'; follow the ingestion and ask again.") { RetryAfter = 1 };

    public static Problem Deleted(string id, DeletionMark deletion) => new(StatusCodes.Status410Gone, "deleted", "The document was deleted",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The document '{id}' was deleted on {deletion.At.UtcDateTime:yyyy-MM-dd} by {deletion.By}. What remains of it is in the answer to a repeated DELETE."));
}
