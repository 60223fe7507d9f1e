using System.Collections.Concurrent;
using Advisor.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Tests.Kernel.Http;

/// <summary>What the test functions have done, by operation id, and how they behave.</summary>
public sealed class Effects
{
    public const string Secret = "Server=db.internal;Password=hunter2";

    public ConcurrentQueue<string> Done { get; } = new();

    /// <summary>Requests that have begun and wait for <see cref="Gate"/>.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Operations that have failed once and will not again.</summary>
    public ConcurrentDictionary<string, bool> Failed { get; } = new();
}

/// <summary>Functions that show the HTTP contract where no route of the product does.</summary>
public sealed class ContractFunctions(Effects effects, TimeProvider time)
{
    private sealed record Made(string Id);

    [Function("TestEffect")]
    public IResult Effect([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/test/effects")] HttpRequest request) => Do(request);

    [RequiresIdempotencyKey]
    [Function("TestRequired")]
    public IResult Required([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/test/required")] HttpRequest request) => Do(request);

    [Reads("*/*")]
    [Function("TestAnyBody")]
    public IResult AnyBody([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/test/any-body")] HttpRequest request) => Do(request);

    [Function("TestSlow")]
    public async Task<IResult> SlowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/test/slow")] HttpRequest request, CancellationToken cancellationToken)
    {
        effects.Begun.Release();
        await effects.Gate.Task.WaitAsync(TimeSpan.FromSeconds(30), time, cancellationToken);
        return Do(request);
    }

    [Function("TestFailsOnce")]
    public IResult FailsOnce([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/test/fails-once")] HttpRequest request) =>
        effects.Failed.TryAdd(request.OperationId(time), true) ? throw new InvalidOperationException(Effects.Secret) : Do(request);

    [Function("TestFails")]
    public static IResult Fails([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/test/fails")] HttpRequest request) =>
        throw new InvalidOperationException($"Cannot open {Effects.Secret} for {request.Path}");

    [Function("TestText")]
    public static IResult Text([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/test/text/{length:int}")] HttpRequest request, int length) =>
        Results.Bytes(System.Text.Encoding.ASCII.GetBytes($"\"{new string('a', length)}\""), "application/json");

    [AnswersIn("application/pdf")]
    [Function("TestOriginal")]
    public static IResult Original([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/test/original")] HttpRequest request) =>
        Results.Bytes(new byte[10_000], "application/pdf");

    private IResult Do(HttpRequest request)
    {
        var id = request.OperationId(time);
        effects.Done.Enqueue(id);
        request.HttpContext.Response.Headers.ETag = $"\"{id}\"";
        return Answer.Accepted($"/api/test/effects/{id}", new Made(id));
    }
}
