namespace ElfMmu.Tests.Discovery;

/// <summary>What memory around a hash table holds.</summary>
public enum PowerPcFiller
{
    Noise,
    Zeros,
    Text,
}
