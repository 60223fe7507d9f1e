using System.CommandLine;
using System.Globalization;
using Advisor.Embedded.ScriptedModels;

namespace Advisor.Embedded.Cli;

/// <summary><c>scripted-model</c>: a server on this machine that stands in for a language model.</summary>
internal static class ScriptedModelCommand
{
    public static Command Create(CliConsole console)
    {
        var script = new Option<string>("--script")
        {
            Description = $"How it answers: {string.Join(", ", ModelScripts.Names)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => ModelScripts.Names[0],
        };
        script.AcceptOnlyFromAmong([.. ModelScripts.Names]);
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", HelpName = "N", DefaultValueFactory = _ => 0 };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65_535)
            {
                result.AddError("A port is from 0 to 65535.");
            }
        });
        var answers = new Option<FileInfo?>("--answers") { Description = "For canned: a JSON array with the answers in turn.", HelpName = "FILE" };
        answers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo?>() is { Exists: false })
            {
                result.AddError("The file of the answers does not exist.");
            }
        });
        var command = new Command("scripted-model", "Stand in for a language model: a server on this machine that answers by a script. No model is involved.") { script, port, answers };
        command.Validators.Add(result =>
        {
            if (result.GetValue(script) == "canned" && result.GetValue(answers) is null)
            {
                result.AddError("The script 'canned' needs --answers.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = parsed.GetValue(answers) is { } file
                ? new ScriptSettings { Answers = ScriptSettings.AnswersOf(await File.ReadAllTextAsync(file.FullName, cancellationToken)) }
                : new ScriptSettings();
            await using var server = await ScriptedModel.StartAsync(parsed.GetRequiredValue(script), settings, parsed.GetValue(port), cancellationToken);
            var name = parsed.GetRequiredValue(script);
            await console.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"export OpenAI__BaseUrl={server.BaseUrl}"));
            await console.Output.WriteLineAsync($"export OpenAI__Model=scripted-{name}");
            await console.Output.FlushAsync(cancellationToken);
            await console.Error.WriteLineAsync($"The script '{name}' answers until Ctrl+C. It is no language model.");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        });
        return command;
    }
}
