using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Advisor.Tests.Embedded.Triggers;

/// <summary>An orchestration from its HTTP start to its result.</summary>
public static class SampleOrderFunctions
{
    [Function("StartOrder")]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orders/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        var order = await request.ReadFromJsonAsync<SampleOrder>(Advisor.Kernel.Http.AdvisorJson.Options, cancellationToken);
        await client.ScheduleNewOrchestrationInstanceAsync("OrderOrchestrator", order, new StartOrchestrationOptions(id), cancellationToken);
        return Results.Accepted($"/orders/{id}");
    }

    [Function("ReadOrder")]
    public static async Task<IResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id) => await client.GetInstanceAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted) is { } instance
            ? Results.Text($"{instance.RuntimeStatus} {instance.SerializedOutput ?? instance.FailureDetails?.ErrorMessage}", statusCode: instance.IsCompleted ? 200 : 202)
            : Results.NotFound();

    [Function("OrderOrchestrator")]
    public static async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context, SampleOrder order, FunctionContext function)
    {
        var priced = await context.CallActivityAsync<SampleOrder>("PriceOrder", order);
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        return $"{priced.OrderId} costs {priced.TotalAmount}, {function.Items["steps"]}, {context.InstanceId == (string?)function.BindingContext.BindingData["instanceId"]}";
    }
}

public sealed class SampleOrderActivities(SampleScope scope)
{
    [Function("PriceOrder")]
    public SampleOrder Price([ActivityTrigger] SampleOrder order, string instanceId, FunctionContext context) =>
        order.OrderId == "unpriced" ? throw new InvalidOperationException("no price for it")
        : scope.Disposed || instanceId != (string?)context.BindingContext.BindingData["instanceId"] ? throw new InvalidOperationException("bound wrongly")
        : order with { TotalAmount = order.TotalAmount * 2 };
}
