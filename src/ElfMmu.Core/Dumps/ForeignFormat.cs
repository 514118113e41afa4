namespace ElfMmu.Dumps;

/// <summary>A format that isn't read, known by its first bytes so that nobody takes it for memory.</summary>
/// <param name="Magic">What it starts with.</param>
/// <param name="What">What it is, with its article.</param>
/// <param name="Remedy">What turns it into something that opens, as a sentence.</param>
internal sealed record ForeignFormat(byte[] Magic, string What, string Remedy);
