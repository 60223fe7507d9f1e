using Advisor.Embedded.Triggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Of_HttpFunction_DescribesItAsTheWorkerDoes()
    {
        var function = FunctionCatalog.Of([typeof(SampleOrderFunctions)]).Functions.Single(function => function.Name == "StartOrder");
        function.EntryPoint.ShouldBe("Advisor.Tests.Embedded.Triggers.SampleOrderFunctions.Start");
        function.Parameters.Select(parameter => parameter.Name).ShouldBe(["request", "client", "id", "cancellationToken"]);
        function.InputBindings.Values.OrderBy(binding => binding.Name, StringComparer.Ordinal).Select(binding => (binding.Name, binding.Type))
            .ShouldBe([("client", "durableClient"), ("request", "httpTrigger")]);
        function.OutputBindings["$return"].Type.ShouldBe("http");
    }

    [Fact]
    public void Of_SameNameTwice_NamesTheSecond() => Message(typeof(Twin), typeof(OtherTwin))
        .ShouldBe($"Two functions are named 'twin'; the second is {typeof(OtherTwin).FullName}.Run.");

    [Fact]
    public void Of_NoTrigger_SaysSo() => Message(typeof(NoTrigger))
        .ShouldBe($"The function 'NoTrigger' ({typeof(NoTrigger).FullName}.Run) has 0 triggers; it needs exactly one.");

    [Fact]
    public void Of_UnknownTrigger_NamesIt() => Message(typeof(UnknownTrigger))
        .ShouldBe($"The function 'Unknown' ({typeof(UnknownTrigger).FullName}.Run) has a CarrierPigeonTriggerAttribute, which this host does not know.");

    [Fact]
    public void Of_ParameterThatIsNotInTheRoute_NamesIt() => Message(typeof(LooseParameter))
        .ShouldBe($"The parameter 'id' (String) of the function 'Loose' ({typeof(LooseParameter).FullName}.Run) has nothing to be bound to.");

    [Fact]
    public void Of_ValueTask_SaysWhatToReturn() => Message(typeof(ReturnsValueTask))
        .ShouldBe($"{typeof(ReturnsValueTask)}.Run returns a ValueTask, which the Functions worker does not await: return a Task.");

    private static string Message(params Type[] types) => Should.Throw<InvalidOperationException>(() => FunctionCatalog.Of(types)).Message;

    private static class Twin
    {
        [Function("Twin")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    private static class OtherTwin
    {
        [Function("twin")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    private static class NoTrigger
    {
        [Function("NoTrigger")]
        public static void Run(FunctionContext context) => _ = context;
    }

    private static class UnknownTrigger
    {
        [Function("Unknown")]
        public static void Run([CarrierPigeonTrigger] string letter) => _ = letter;
    }

    private static class LooseParameter
    {
        [Function("Loose")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "loose/{other}")] HttpRequest request, string id) => _ = (request, id);
    }

    private static class ReturnsValueTask
    {
        [Function("ValueTask")]
        public static ValueTask Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => timer is null ? default : ValueTask.CompletedTask;
    }

    private sealed class CarrierPigeonTriggerAttribute : TriggerBindingAttribute;
}
