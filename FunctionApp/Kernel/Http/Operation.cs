using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Names the effect of a request, so that doing it twice under one <c>Idempotency-Key</c> names the same things.</summary>
public static class Operation
{
    /// <summary>Where the idempotency middleware leaves the id that follows from tenant, user, route and key.</summary>
    internal const string Key = "advisor.operation";

    /// <summary>The id for what this request makes: it follows from the request's idempotency key where there is one, and is new otherwise.</summary>
    /// <remarks>Derive further ids with <see cref="Records.DeterministicId"/>, and write with them so that writing twice changes nothing.</remarks>
    public static string OperationId(this HttpRequest request, TimeProvider time) =>
        request.HttpContext.Items[Key] as string ?? Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
