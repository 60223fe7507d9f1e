using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications.Channels;

/// <summary>Mails the notification to its recipient, as text with an HTML alternative.</summary>
internal sealed class SmtpChannel(IOptions<NotificationsOptions> options, TimeProvider time) : INotificationChannel
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    public string Name => "smtp";

    public bool AddressesPeople => true;

    public async Task<ChannelAnswer> SendAsync(OutgoingNotification outgoing, CancellationToken cancellationToken)
    {
        var settings = options.Value.Smtp;
        // A directory's address is parsed as one address and nothing else: no name, no second address, no header after it.
        if (!MailAddress.TryCreate(outgoing.To?.Email, out var to) || to.Address != outgoing.To!.Email || outgoing.To.Email.Any(c => char.IsControl(c) || c is ',' or ';'))
        {
            return new ChannelAnswer.Refused("The recipient's address is not an e-mail address.", Permanent: true);
        }

        using var message = Message(outgoing, new MailAddress(settings.From!), to);
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls, DeliveryFormat = SmtpDeliveryFormat.SevenBit };
        if (settings.User is not null)
        {
            client.Credentials = new NetworkCredential(settings.User, settings.Password);
        }

        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await client.SendMailAsync(message, limit.Token);
            return new ChannelAnswer.Accepted($"accepted by {settings.Host}");
        }
        catch (SmtpException fault)
        {
            // 421 is the server taking its leave; any other answer is about the recipient or the mail.
            var status = (int)fault.StatusCode;
            return new ChannelAnswer.Refused(
                status > 0 ? $"The mail server answered {status}." : "The mail server could not be reached, or offers no TLS.", Permanent: status is >= 500 and < 600, IsDown: status <= 0 || fault.StatusCode == SmtpStatusCode.ServiceNotAvailable);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChannelAnswer.Refused($"The mail server did not answer within {s_timeout.TotalSeconds:0} seconds.", Permanent: false, IsDown: true);
        }
    }

    private static MailMessage Message(OutgoingNotification outgoing, MailAddress from, MailAddress to)
    {
        var message = new MailMessage(from, to)
        {
            Subject = outgoing.Rendered.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = outgoing.Rendered.Text.ReplaceLineEndings("\r\n"),
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        var html = AlternateView.CreateAlternateViewFromString(outgoing.Rendered.Html.ReplaceLineEndings("\r\n"), Encoding.UTF8, MediaTypeNames.Text.Html);
        html.TransferEncoding = TransferEncoding.QuotedPrintable;
        message.AlternateViews.Add(html);
        // The same for every attempt, so that mail programs show a mail that came twice once.
        message.Headers.Add("Message-ID", $"<{outgoing.DeliveryId}@{from.Host}>");
        message.Headers.Add("X-Advisor-Delivery", outgoing.DeliveryId);
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
