using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Tests.Embedded.Triggers;

/// <summary>HTTP functions that show each binding to the tests.</summary>
public sealed class SampleHttpFunctions(SampleScope scope)
{
    [Function("Hello")]
    public static IResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello/{name}")] HttpRequest request, string name) =>
        Results.Text($"hello {name} at {request.Path}");

    [Function("Item")]
    public static async Task<IResult> Item(
        [HttpTrigger(AuthorizationLevel.Function, "get", "put", Route = "items/{id:int}/{key:guid?}")] HttpRequest request, int id, Guid? key)
    {
        await Task.Yield();
        return Results.Text(string.Create(CultureInfo.InvariantCulture, $"{request.Method} {id} {key}"));
    }

    [Function("Action")]
    public static Task<IActionResult> Action([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "action")] HttpRequest request) =>
        Task.FromResult<IActionResult>(new StatusCodeResult(StatusCodes.Status418ImATeapot));

    [Function("Nothing")]
    public static async Task Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "nothing")] HttpRequest request) =>
        await request.HttpContext.Response.WriteAsync("written by hand");

    [Function("Throws")]
    public static IResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequest request) =>
        throw new InvalidOperationException($"no answer for {request.Path}");

    [Function("ThrowsWhileWritten")]
    public static IResult ThrowsWhileWritten([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws-while-written")] HttpRequest request) =>
        Results.Stream(_ => throw new InvalidOperationException("the result cannot be written"));

    [Function("Length")]
    public static async Task<IResult> Length(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "length")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return Results.Text(body.Length.ToString(CultureInfo.InvariantCulture));
    }

    [Function("Context")]
    public IResult Context([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context/{part}")] HttpRequest request, FunctionContext context) =>
        Results.Json(new Dictionary<string, object?>
        {
            ["function"] = context.FunctionDefinition.Name,
            ["part"] = context.BindingContext.BindingData["part"],
            ["trace_parent"] = context.TraceContext.TraceParent,
            ["same_request"] = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            ["same_services"] = ReferenceEquals(context.InstanceServices, request.HttpContext.RequestServices),
            ["scope"] = scope.Id,
            ["steps"] = context.Items.TryGetValue("steps", out var steps) ? steps : null,
        });

    [Function("CatchAll")]
    public static IResult CatchAll([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "{*path}")] HttpRequest request, string? path) =>
        Results.Text($"catch-all {request.Method} {path}", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>The same without the catch-all.</summary>
public static class SampleLoneFunction
{
    [Function("Alone")]
    public static IResult Alone([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text(request.Method);
}

/// <summary>A scoped service: one for each invocation.</summary>
public sealed class SampleScope : IDisposable
{
    public string Id { get; } = Guid.NewGuid().ToString("n");

    public bool Disposed { get; private set; }

    public void Dispose() => Disposed = true;
}

/// <summary>Notes that it ran, on the way in and on the way out.</summary>
public abstract class NotingMiddleware(string name) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        context.Items["steps"] = context.Items.TryGetValue("steps", out var steps) ? $"{steps} {name}" : name;
        await next(context);
        if (context.GetHttpContext() is { Response.HasStarted: false } http)
        {
            http.Response.Headers.Append("X-Out", name);
        }
    }
}

public sealed class FirstMiddleware() : NotingMiddleware("first");

public sealed class SecondMiddleware() : NotingMiddleware("second");

/// <summary>Answers when the test lets it.</summary>
public sealed class SampleSlowFunction(SampleNotes notes)
{
    [Function("Slow")]
    public async Task<IResult> Slow([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow")] HttpRequest request, CancellationToken cancellationToken)
    {
        notes.Add("begun");
        await notes.Gate.Task.WaitAsync(cancellationToken);
        return Results.Text("done");
    }
}
