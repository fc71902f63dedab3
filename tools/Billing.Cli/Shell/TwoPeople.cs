using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>
/// Acts that take two people (docs/adr/0042), for take-overs, demonstrations and measurements on an instance of one's
/// own: its operator asks, and its approver approves what was asked. Whoever has signed in asks only, and is told so.
/// </summary>
internal static class TwoPeople
{
    /// <summary>Sends a request and approves the proposal that it makes, if it makes one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="ask">Sends the request as whoever asks.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<Answer<string>> Agree(
        this ServiceClient service, Func<ServiceClient, Task<Answer<string>>> ask,
        CancellationToken cancellation = default)
    {
        var asked = await ask(service);
        if (!asked.Waits || Access.Here.IsSignedIn)
            return asked;
        var proposal = JsonSerializer.Deserialize<ProposalDetails>(asked.Value!, Wire.Stored)!;
        return await service.As(People.Approver).Post<string>(
            $"/approvals/{proposal.Kind}/{proposal.Key}/approve", new ApproveProposalRequest(proposal.Seen),
            cancellation);
    }

    /// <summary>Says that a proposal waits for somebody else, if it does; whoever has signed in asks only.</summary>
    public static bool SaysItWaits(this ConsoleOutput console, Answer<string> answer)
    {
        if (!answer.Waits)
            return false;
        var proposal = JsonSerializer.Deserialize<ProposalDetails>(answer.Value!, Wire.Stored)!;
        console.Warn("proposed in your name; somebody else decides:");
        console.Line($"./billing approvals show {proposal.Kind} {proposal.Key}");
        return true;
    }
}
