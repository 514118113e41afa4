namespace ElfMmu.Tests.Support;

/// <summary>The bare guests that write to every free frame where it is.</summary>
internal sealed class StampedDumpData() : BareDumpData([.. X86, .. Others]);
