namespace ElfMmu.Tests.Support;

/// <summary>The bare guests of x86, of which QEMU lists every leaf.</summary>
internal sealed class BareX86DumpData() : BareDumpData(X86);
