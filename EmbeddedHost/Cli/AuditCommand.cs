using System.CommandLine;
using System.Text.RegularExpressions;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary><c>audit verify|list</c>: the audit log of this data folder, opened read-only, whether or not a host is running.</summary>
internal static partial class AuditCommand
{
    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console)
    {
        var command = new Command("audit", "Verify and read the audit log.");
        command.Add(Verify(folder, console));
        command.Add(List(folder, console));
        return command;
    }

    private static Command Verify(Func<ParseResult, DataFolder> folder, CliConsole console)
    {
        var partition = new Option<string?>("--partition") { Description = "Only this month. Default: all.", HelpName = "yyyy-MM" };
        partition.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Month().IsMatch(token.Value))
            {
                result.AddError($"'{token.Value}' is not a partition; name a month such as 2026-01.");
            }
        });
        var expect = new Option<string[]>("--expect")
        {
            Description = "A head hash noted down earlier, which the month must still contain; may be given for several months.",
            HelpName = "yyyy-MM=HASH",
            AllowMultipleArgumentsPerToken = true,
        };
        expect.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !Expectation().IsMatch(token.Value)))
            {
                result.AddError($"'{token.Value}' is not of the form yyyy-MM=HASH, with the 64 hexadecimal digits of a head hash.");
            }

            if (result.Tokens.GroupBy(token => token.Value.Split('=')[0]).FirstOrDefault(month => month.Count() > 1) is { } twice)
            {
                result.AddError($"Give one expected hash for {twice.Key}.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("verify", "Recompute every hash; exit code 1 when an entry was altered, removed or moved.") { partition, expect, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var file = AuditFile.Open(folder(parsed));
            var expected = (parsed.GetValue(expect) ?? []).Select(text => text.Split('=')).ToDictionary(pair => pair[0], pair => pair[1].ToLowerInvariant());
            var verdicts = await AuditVerifier.VerifyAsync(file, parsed.GetValue(partition), expected, cancellationToken);
            if (parsed.GetValue(json))
            {
                AuditReport.WriteJson(verdicts, console);
            }
            else
            {
                AuditReport.Write(verdicts, console);
            }

            return verdicts.All(verdict => verdict.Fault is null) ? 0 : 1;
        });
        return command;
    }

    private static Command List(Func<ParseResult, DataFolder> folder, CliConsole console)
    {
        var tenant = new Option<TenantId?>("--tenant") { Description = "Only this tenant's entries. Default: all.", CustomParser = result => TenantArgument.Parse(result) };
        var user = new Option<string?>("--user") { Description = "Only this user's entries." };
        var count = new Option<int>("-n", "--count") { Description = "How many, newest first; 1 to 1000.", DefaultValueFactory = _ => 20 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("List 1 to 1000 entries.");
            }
        });
        var command = new Command("list", "List the newest entries.") { tenant, user, count };
        command.SetAction(parsed =>
        {
            using var file = AuditFile.Open(folder(parsed));
            AuditReport.Write(file.Newest(parsed.GetValue(tenant), new AuditQuery(UserId: parsed.GetValue(user), PageSize: parsed.GetValue(count))).Entries, console);
            return 0;
        });
        return command;
    }

    [GeneratedRegex(@"^\d{4}-(0[1-9]|1[0-2])\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Month();

    [GeneratedRegex(@"^\d{4}-(0[1-9]|1[0-2])=[0-9a-fA-F]{64}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expectation();
}
