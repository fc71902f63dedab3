namespace Billing.Tools;

/// <summary>The tool cannot go on; the message says why, to the person at the keyboard.</summary>
internal sealed class Failure(string message) : Exception(message);
