using System.CommandLine;
using System.Globalization;
using System.Net.Mail;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary><c>token create|list|revoke</c>: the API tokens of this data folder, whether or not a host is running.</summary>
internal static class TokenCommand
{
    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var tenant = new Option<TenantId>("--tenant")
        {
            Description = "Tenant the token belongs to.",
            DefaultValueFactory = _ => DemoTenant.Id,
            CustomParser = result => TenantArgument.Parse(result) ?? default,
        };
        var command = new Command("token", "Make, list and revoke API tokens.");
        command.Add(CreateOne(folder, tenant, console, time));
        command.Add(List(folder, console, time));
        command.Add(Revoke(folder, tenant, console, time));
        return command;
    }

    private static Command CreateOne(Func<ParseResult, DataFolder> folder, Option<TenantId> tenant, CliConsole console, TimeProvider time)
    {
        var user = new Option<string>("--user") { Description = "Who uses it, as the audit names them.", Required = true };
        user.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (string.IsNullOrWhiteSpace(token.Value) || token.Value.Length > 256 || token.Value.Any(char.IsControl)))
            {
                result.AddError("A user is named by 1 to 256 characters, not all of them blank.");
            }
        });
        var email = new Option<string?>("--email") { Description = "Their address. Default: the user name at the tenant." };
        email.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !MailAddress.TryCreate(token.Value, out _))
            {
                result.AddError($"'{token.Value}' is not an e-mail address.");
            }
        });
        var roles = new Option<Role[]>("--role")
        {
            Description = "What it opens: analyst, reviewer, approver, cfo, operator, admin; one or more.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var days = new Option<int>("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => 90 };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3650)
            {
                result.AddError("A token lives 1 to 3650 days.");
            }
        });
        var command = new Command("create", "Make a token and print it; it is not shown again.") { tenant, user, email, roles, days };
        command.SetAction((parsed, _) => WithTokensAsync(folder(parsed), time, async tokens =>
        {
            var owner = parsed.GetRequiredValue(tenant);
            var name = parsed.GetRequiredValue(user);
            var caller = new Caller(owner, name, parsed.GetValue(email) ?? $"{name}@{owner}.example", [.. parsed.GetRequiredValue(roles).Distinct()]);
            var issued = await tokens.CreateAsync(caller, TimeSpan.FromDays(parsed.GetValue(days)));
            await console.Error.WriteLineAsync($"Token {issued.Token.Id}, until {Day(issued.Token.ExpiresAt)}:");
            await console.Output.WriteLineAsync(issued.Text);
            return 0;
        }));
        return command;
    }

    private static Command List(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var tenant = new Option<TenantId?>("--tenant") { Description = "Only this tenant's tokens. Default: all.", CustomParser = result => TenantArgument.Parse(result) };
        var command = new Command("list", "List tokens.") { tenant };
        command.SetAction((parsed, _) => WithTokensAsync(folder(parsed), time, tokens =>
        {
            var asked = parsed.GetValue(tenant);
            var listed = tokens.Tokens.List(asked);
            if (listed.Count == 0)
            {
                console.Output.WriteLine(asked is null ? "There are no tokens." : $"The tenant '{asked}' has no tokens.");
                return Task.FromResult(0);
            }

            console.DrawLines(["Id", "Tenant", "State", "User", "E-mail", "Roles"], listed.Select(token => new Text[]
            {
                new(token.Id), new(token.Caller.Tenant.Value), new(State(token, time.GetUtcNow())), new(TerminalText.Of(token.Caller.UserId)),
                new(TerminalText.Of(token.Caller.Email)), new(string.Join(',', token.Caller.Roles.Select(DemoTenant.Name))),
            }));
            return Task.FromResult(0);
        }));
        return command;
    }

    private static string State(ApiToken token, DateTimeOffset now) => token switch
    {
        { RevokedAt: { } at } => $"revoked {Day(at)}",
        _ when token.ExpiresAt <= now => $"expired {Day(token.ExpiresAt)}",
        _ => $"until {Day(token.ExpiresAt)}",
    };

    private static Command Revoke(Func<ParseResult, DataFolder> folder, Option<TenantId> tenant, CliConsole console, TimeProvider time)
    {
        var id = new Argument<string>("ID") { Description = "The token's id, as 'list' shows it." };
        var command = new Command("revoke", "Refuse a token from now on.") { id, tenant };
        command.SetAction((parsed, _) => WithTokensAsync(folder(parsed), time, async tokens =>
        {
            var revoked = await tokens.RevokeAsync(parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(id));
            await (revoked ? console.Output : console.Error).WriteLineAsync(
                revoked ? $"Revoked {parsed.GetRequiredValue(id)}." : $"The tenant has no token '{parsed.GetRequiredValue(id)}'.");
            return revoked ? 0 : 1;
        }));
        return command;
    }

    private static async Task<int> WithTokensAsync(DataFolder folder, TimeProvider time, Func<AuditedTokens, Task<int>> work)
    {
        await using var tokens = AuditedTokens.Open(folder, time);
        return await work(tokens);
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
