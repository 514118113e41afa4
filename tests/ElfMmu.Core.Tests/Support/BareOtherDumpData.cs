namespace ElfMmu.Tests.Support;

/// <summary>The bare guests of which QEMU translates single addresses only.</summary>
internal sealed class BareOtherDumpData() : BareDumpData(Others);
