using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Http;

/// <summary>Answers every path that no other function answers, and OPTIONS, so that both hosts do so alike. The <see cref="MethodMiddleware"/> has answered 405 by then.</summary>
public sealed class CatchAllTriggers(RouteTable routes)
{
    [AllowAnyone]
    [Reads("*/*")]
    [AnswersIn("*/*")]
    [Function("CatchAll")]
    public IResult Answer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = "{*path}")] HttpRequest request)
    {
        var methods = routes.MethodsOf(request.Path);
        if (methods.Count == 0)
        {
            return new Problem(StatusCodes.Status404NotFound, "not-found", "There is no such thing", $"Nothing answers at '{request.Path}'. The routes are described at /api/docs.");
        }

        request.HttpContext.Response.Headers.Allow = string.Join(", ", methods).ToUpperInvariant();
        return Results.NoContent();
    }
}
