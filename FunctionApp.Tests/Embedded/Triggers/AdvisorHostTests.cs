using Advisor.Embedded;
using Advisor.Embedded.Triggers;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

public sealed class AdvisorHostTests
{
    [Fact]
    public async Task Start_TheProduct_ListensAndCanMakeEveryFunction()
    {
        await using var host = await SampleHost.StartAsync(options => options with { ConfigureWorker = null, ConfigureServices = null });
        (await host.GetAsync("/")).Status.ShouldBeLessThan(500);
        await using var scope = host.Host.Services.CreateAsyncScope();
        foreach (var type in host.Host.Services.GetRequiredService<FunctionCatalog>().Functions
            .Where(function => !function.Method.IsStatic).Select(function => function.Method.DeclaringType!).Distinct())
        {
            Should.NotThrow(() => ActivatorUtilities.CreateInstance(scope.ServiceProvider, type), type.FullName);
        }
    }

    [Fact]
    public async Task Start_Always_OffersThePortsOfTheProduct()
    {
        await using var host = await SampleHost.StartAsync(typeof(SampleLoneFunction));
        host.Host.Services.GetService<IRecordStore>().ShouldNotBeNull();
        host.Host.Services.GetService<IBlobStore>().ShouldNotBeNull();
        host.Host.Services.GetService<IMessageBus>().ShouldNotBeNull();
        host.Host.Services.GetService<ICallerAuthenticator>().ShouldNotBeNull();
        host.Host.Durable.ShouldNotBeNull();
    }

    [Fact]
    public async Task Start_SettingGiven_OverridesHostJson()
    {
        await using var plain = await SampleHost.StartAsync(typeof(SampleLoneFunction));
        Hub(plain).ShouldBe("advisor");
        await using var changed = await SampleHost.StartAsync(options => options with
        {
            FunctionTypes = [typeof(SampleLoneFunction)],
            Settings = new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = "other" },
        });
        Hub(changed).ShouldBe("other");

        static string? Hub(SampleHost host) => host.Host.Services.GetRequiredService<IConfiguration>()["AzureFunctionsJobHost:extensions:durableTask:hubName"];
    }

    [Fact]
    public async Task Stop_FunctionHadFailed_HasItInTheLogFile()
    {
        await using var host = await SampleHost.StartAsync(typeof(SampleHttpFunctions));
        await host.GetAsync("/throws");
        await host.Host.DisposeAsync();
        var log = await File.ReadAllTextAsync(Path.Combine(host.DataFolder, "logs", "advisor.log"), TestContext.Current.CancellationToken);
        log.ShouldContain("error Advisor.Embedded.Triggers.HttpTriggers[9001] The HTTP function Throws failed");
        log.ShouldContain("no answer for /throws");
    }

    [Fact]
    public async Task Stop_RequestInWork_IsAnsweredFirst()
    {
        var notes = new SampleNotes();
        await using var host = await SampleHost.StartAsync(options => options with
        {
            FunctionTypes = [typeof(SampleSlowFunction)],
            ConfigureServices = services => services.AddSingleton(notes),
        });
        var answer = host.GetAsync("/slow");
        (await notes.NextAsync()).ShouldBe("begun");
        var stop = host.Host.DisposeAsync().AsTask();
        notes.Gate.SetResult();
        (await answer).ShouldBe((200, "done"));
        await stop;
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("%Queue%", "orders")]
    [InlineData("%Region%-%Queue%-in", "eu-orders-in")]
    public void Resolve_SettingsNamed_AreReplaced(string expression, string expected) => Settings().Resolve(expression).ShouldBe(expected);

    [Fact]
    public void Resolve_PercentNotClosed_SaysSo() => Should.Throw<InvalidOperationException>(() => Settings().Resolve("%Queue"))
        .Message.ShouldBe("'%Queue' opens a %Setting% and does not close it.");

    private static HostSettings Settings() => new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Queue"] = "orders", ["Region"] = "eu" }).Build());
}
