using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

public sealed class HttpTriggersTests : IAsyncLifetime
{
    private SampleHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SampleHost.StartAsync(typeof(SampleHttpFunctions));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_RouteParameter_IsBoundByName() =>
        (await _host.GetAsync("/hello/ann")).ShouldBe((200, "hello ann at /hello/ann"));

    [Fact]
    public async Task Get_TypedAndOptionalRouteParameters_AreConverted()
    {
        (await _host.GetAsync("/items/7/00000000-0000-0000-0000-000000000001")).ShouldBe((200, "GET 7 00000000-0000-0000-0000-000000000001"));
        (await _host.GetAsync("/items/7")).ShouldBe((200, "GET 7 "));
    }

    [Fact]
    public async Task Put_SecondMethodOfRoute_IsAnswered()
    {
        using var response = await _host.SendAsync(HttpMethod.Put, "/items/3");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("PUT 3 ");
    }

    [Fact]
    public async Task Get_ConstraintNotMet_FallsToCatchAll() =>
        (await _host.GetAsync("/items/seven")).ShouldBe((404, "catch-all GET items/seven"));

    [Fact]
    public async Task Post_RouteOfAnotherMethod_FallsToCatchAll()
    {
        using var response = await _host.SendAsync(HttpMethod.Post, "/hello/ann");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("catch-all POST hello/ann");
    }

    [Fact]
    public async Task Delete_NoFunctionForMethod_Is404WithoutAllow()
    {
        using var response = await _host.SendAsync(HttpMethod.Delete, "/hello/ann");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.Allow.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_ActionResult_IsExecuted() => (await _host.GetAsync("/action")).Status.ShouldBe(418);

    [Fact]
    public async Task Get_NoResult_LeavesTheResponseAsWritten() => (await _host.GetAsync("/nothing")).ShouldBe((200, "written by hand"));

    [Fact]
    public async Task Get_FunctionThrows_Is500WithoutBody() => (await _host.GetAsync("/throws")).ShouldBe((500, string.Empty));

    [Fact]
    public async Task Get_ResultThrows_Is500() => (await _host.GetAsync("/throws-while-written")).Status.ShouldBe(500);

    [Fact]
    public async Task Post_FiftyMegabytes_IsAccepted()
    {
        using var response = await _host.SendAsync(HttpMethod.Post, "/length", new ByteArrayContent(new byte[50 * 1024 * 1024]));
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("52428800");
    }

    [Fact]
    public async Task Post_MoreThanTheLimit_Is413()
    {
        // The client waits for "100 Continue" before it sends; otherwise it would still be writing when the server has answered.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/length") { Content = new ByteArrayContent(new byte[53 * 1024 * 1024]) };
        request.Headers.ExpectContinue = true;
        using var response = await _host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Get_AnyFunction_RunsMiddlewareInOrderAroundTheUnstartedResponse()
    {
        using var response = await _host.SendAsync(HttpMethod.Get, "/context/a");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.RootElement.GetProperty("steps").GetString().ShouldBe("first second");
        response.Headers.GetValues("X-Out").ShouldBe(["second", "first"]);
        response.Headers.Server.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_AnyFunction_HasAContextOfItsOwn()
    {
        var first = await ContextAsync();
        var second = await ContextAsync();
        first.GetProperty("function").GetString().ShouldBe("Context");
        first.GetProperty("part").GetString().ShouldBe("a");
        first.GetProperty("same_request").GetBoolean().ShouldBeTrue();
        first.GetProperty("same_services").GetBoolean().ShouldBeTrue();
        first.GetProperty("scope").GetString().ShouldNotBe(second.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Get_TraceParentHeader_IsTheParentOfTheTrace()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/context/a");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await _host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.RootElement.GetProperty("trace_parent").GetString().ShouldStartWith("00-0af7651916cd43dd8448eb211c80319c-");
    }

    [Fact]
    public async Task Get_RouteNotGiven_IsTheFunctionNameUnderThePrefix()
    {
        await using var host = await SampleHost.StartAsync(options => options with
        {
            FunctionTypes = [typeof(SampleLoneFunction)],
            Settings = new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:http:routePrefix"] = "api" },
        });
        (await host.GetAsync("/api/Alone")).ShouldBe((200, "GET"));
        (await host.GetAsync("/Alone")).Status.ShouldBe(404);
        using var wrong = await host.SendAsync(HttpMethod.Post, "/api/Alone");
        wrong.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Start_StartupFilterRegistered_WrapsEveryFunction()
    {
        await using var host = await SampleHost.StartAsync(options => options with
        {
            FunctionTypes = [typeof(SampleLoneFunction)],
            ConfigureServices = services => services.AddTransient<IStartupFilter, MarkingFilter>(),
        });
        using var response = await host.SendAsync(HttpMethod.Get, "/Alone");
        response.Headers.GetValues("X-Filter").ShouldBe(["yes"]);
    }

    [Fact]
    public async Task Get_MiddlewareAnswersItself_FunctionDoesNotRun()
    {
        await using var host = await StartAsync(worker => worker.Use(next => async context =>
        {
            var http = context.GetHttpContext()!;
            await Results.Text("sign in first", statusCode: 401).ExecuteAsync(http);
        }));
        (await host.GetAsync("/throws")).ShouldBe((401, "sign in first"));
    }

    [Fact]
    public async Task Get_MiddlewareCatches_ItsAnswerIsSent()
    {
        await using var host = await StartAsync(worker => worker.Use(next => async context =>
        {
            try
            {
                await next(context);
            }
            catch (InvalidOperationException fault)
            {
                await Results.Problem(fault.Message, statusCode: 409).ExecuteAsync(context.GetHttpContext()!);
            }
        }));
        var (status, body) = await host.GetAsync("/throws");
        status.ShouldBe(409);
        body.ShouldContain("no answer for /throws");
    }

    private static Task<SampleHost> StartAsync(Action<IFunctionsWorkerApplicationBuilder> worker) => SampleHost.StartAsync(options => options with
    {
        FunctionTypes = [typeof(SampleHttpFunctions)],
        ConfigureWorker = worker,
    });

    private async Task<JsonElement> ContextAsync() => JsonDocument.Parse((await _host.GetAsync("/context/a")).Body).RootElement;

    private sealed class MarkingFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Response.Headers["X-Filter"] = "yes";
                return rest(http);
            });
            next(app);
        };
    }
}
