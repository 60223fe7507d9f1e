using Advisor.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Tenancy;

/// <summary>Lets an HTTP invocation through only for a caller the function admits, and hands the caller on.</summary>
public sealed class CallerMiddleware(ICallerAuthenticator authenticator, IUserDirectory users, FunctionAccess access, RateLimits limits) : IFunctionsWorkerMiddleware
{
    private const string Key = "advisor.caller";

    /// <summary>Of a request for a function that is open to anyone.</summary>
    private const string SenderKey = "advisor.sender";

    /// <summary>The caller of an admitted request.</summary>
    /// <exception cref="InvalidOperationException">The function is open to anyone and has no caller.</exception>
    public static Caller CallerOf(HttpContext http) =>
        http.Items[Key] as Caller ?? throw new InvalidOperationException("The request has no caller: its function is open to anyone.");

    /// <summary>Who sent the request, admitted or not; null where no credential was asked for, or none was valid.</summary>
    public static Caller? SenderOf(HttpContext http) => AskedOf(http) ?? http.Items[SenderKey] as Caller;

    /// <summary>Who sent a request for a function that asks who does; null for one that is open to anyone.</summary>
    internal static Caller? AskedOf(HttpContext http) => http.Items[Key] as Caller;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var rule = access.Of(context.FunctionDefinition.Name);
        if (rule.Anyone)
        {
            // What is audited names whoever can be named; what is not must answer while nobody can be asked.
            http.Items[SenderKey] = rule.Audited ? await authenticator.AuthenticateAsync(http, http.RequestAborted) : null;
        }
        else if (await RefusalAsync(http, rule) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        await next(context);
    }

    private async Task<Problem?> RefusalAsync(HttpContext http, FunctionAccess.Rule rule)
    {
        var caller = await authenticator.AuthenticateAsync(http, http.RequestAborted);
        if (caller is null)
        {
            if (limits.CountStranger(http) is { } tooMany)
            {
                return tooMany;
            }

            http.Response.Headers.WWWAuthenticate = "Bearer";
            return new Problem(StatusCodes.Status401Unauthorized, "unauthenticated", "Sign in first",
                "The request has no valid credential. Send 'Authorization: Bearer' with a token that has not expired.");
        }

        // Known from here on also to what writes down who was refused.
        http.Items[Key] = caller;
        await users.NoteAsync(caller, http.RequestAborted);
        if (!rule.Admits(caller))
        {
            return limits.Count(caller) ?? new Problem(StatusCodes.Status403Forbidden, "forbidden", "Your roles do not allow this",
                $"This needs one of the roles {string.Join(", ", rule.Roles.Select(role => role.ToString().ToLowerInvariant()))}. Ask an administrator of your tenant.");
        }

        return null;
    }
}

/// <summary>The caller of a request.</summary>
public static class HttpRequestCaller
{
    /// <inheritdoc cref="CallerMiddleware.CallerOf"/>
    public static Caller Caller(this HttpRequest request) => CallerMiddleware.CallerOf(request.HttpContext);
}
