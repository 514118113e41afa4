# Looking for roots where nothing names one, and walking what is found.

BeforeDiscovery {
    $guests = 'bare-x64', 'bare-pae', 'bare-sv39', 'bare-a64-16k', 'bare-a64-64k' | ForEach-Object { @{ Guest = $_ } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $find = "$commands.FindPageTableRootCommand"
    $sample = Get-SampleDump
    $sampleRoots = 0x904000ul, 0x942000ul, 0x958000ul, 0x96e000ul
    $folder = (New-Item -ItemType Directory "$TestDrive/dumps").FullName
    New-RawSample $folder
    $raw = "$folder/raw.bin"
    $zeros = New-RawDump "$TestDrive/zeros.bin" 64kb
    $small = New-SmallDump "$TestDrive/small.bin"
    filter Get-Text { "$($_.Space): $($_.VirtualAddress) $($_.Size) $($_.PhysicalAddress) $($_.UserRights) $($_.SupervisorRights)" }

    # A root as a search would give it, so that what stands behind the search can be asked for by itself.
    function New-Root([string]$Path, [ulong]$Root, [hashtable]$More = @{}) {
        $options = [ElfMmu.Dumps.DumpOptions]@{ RamBase = $More.RamBase }
        $properties = @{
            Dump = [ElfMmu.Dumps.DumpIdentity]::Of($Path, $options); Mode = Get-PagingMode ia32e; Root = $Root; RamBase = 0ul; Score = 0.9
        }
        foreach ($name in $More.Keys) { $properties[$name] = $More[$name] }
        [ElfMmu.Discovery.PageTableRoot]$properties
    }

    # What came in which stream.
    function Get-Said([scriptblock]$Script, [string]$Kind) {
        & $Script *>&1 | Where-Object { $_.GetType().Name -eq "${Kind}Record" } | ForEach-Object ToString
    }
}

Describe 'Find-PageTableRoot' {
    BeforeAll { $roots = Find-PageTableRoot $sample }

    It 'finds every process of the sample' {
        foreach ($root in $sampleRoots) {
            $roots.Root | Should -Contain $root
        }
    }

    It 'finds the same in a raw image, of which nothing is known' {
        $found = Find-PageTableRoot $raw
        foreach ($root in $sampleRoots) {
            $found.Root | Should -Contain $root
        }
    }

    It 'emits objects with numbers as numbers, best first' {
        $roots | Should -BeOfType ElfMmu.Discovery.PageTableRoot
        $roots[0].Root | Should -BeOfType [ulong]
        $roots[0].RamBase | Should -BeOfType [ulong]
        $roots[0].Score | Should -BeOfType [double]
        $roots[0].Tables | Should -BeOfType [ulong]
        $roots[0].UserBytes + $roots[0].SupervisorBytes | Should -BeGreaterThan 0
        $roots[0].Reasons | Should -Not -BeNullOrEmpty
        $roots[0].Mode.Name | Should -Be 'ia32e'
        $roots[0].Dump.Path | Should -Be $sample
        $roots.Score | Should -Be ($roots.Score | Sort-Object -Descending)
        $roots.Score | ForEach-Object { $_ | Should -BeGreaterOrEqual 0.5; $_ | Should -BeLessOrEqual 1 }
    }

    It 'says how much of it is the user''s' {
        $root = $roots | Where-Object Root -EQ 0x904000ul
        $mappings = Get-PageTableMapping $sample -Root 0x904000
        $root.UserBytes | Should -Be ($mappings | Where-Object UserRights -NE '---' | Measure-Object Size -Sum).Sum
        $root.SupervisorBytes | Should -Be ($mappings | Where-Object UserRights -EQ '---' | Measure-Object Size -Sum).Sum
    }

    It 'takes the best ones with -Top' {
        (Find-PageTableRoot $sample -Top 2).Root | Should -Be $roots[0..1].Root
        (Find-PageTableRoot $sample -Top 1).Root | Should -Be $roots[0].Root
    }

    It 'draws the line at -MinimumScore' {
        $line = $roots[1].Score
        (Find-PageTableRoot $sample -MinimumScore $line).Root | Should -Be ($roots | Where-Object Score -GE $line).Root
    }

    It 'draws none with -All' {
        $all = Find-PageTableRoot $sample -All
        ($all | Where-Object Score -GE 0.5).Root | Should -Be $roots.Root
        $all.Count | Should -BeGreaterThan $roots.Count
        (Find-PageTableRoot $sample -All -Top ($roots.Count + 1)).Count | Should -Be ($roots.Count + 1)
    }

    It 'looks for the modes named, and for those of a family' {
        (Find-PageTableRoot $sample -Mode ia32e, la57).Root | Should -Contain 0x904000ul
        (Find-PageTableRoot $sample -Mode x64).Mode.Name | Select-Object -Unique | Should -Be 'ia32e'
        Find-PageTableRoot $raw -Mode sv32 -WarningAction Ignore | Where-Object Score -GT 0.9 | Should -BeNullOrEmpty
    }

    It 'says what it found nothing of' {
        Find-PageTableRoot $zeros -WarningAction Ignore | Should -BeNullOrEmpty
        $said = @(Get-Said { Find-PageTableRoot $zeros } Warning)
        $said | Should -HaveCount 1
        $said | Should -Match 'No root was found in .*zeros\.bin'
        Get-Said { Find-PageTableRoot $zeros -Mode sv39, arm64 } Warning | Should -Match 'sv39, aarch64-4k, aarch64-16k, aarch64-64k'
        Get-ErrorOf { Find-PageTableRoot $zeros -WarningAction Ignore } | Should -BeNullOrEmpty
    }

    It 'says that -All shows what came closest' {
        $best = (Find-PageTableRoot $sample -Top 1).Score
        if ($best -lt 1) {
            Get-Said { Find-PageTableRoot $sample -MinimumScore 1 } Warning | Should -Match 'less than 1; the best one, 0x[0-9a-f]+ \(ia32e\), scores 0\.\d+\. -All '
        }

        Find-PageTableRoot $sample -MinimumScore $best | Should -Not -BeNullOrEmpty
    }
}

Describe 'Where Find-PageTableRoot finds dumps' {
    It 'expands wildcards, and takes several' {
        (Find-PageTableRoot "$folder/*.bin", $sample -Top 1).Dump.Path | Should -Be $raw, $sample
    }

    It 'takes strings and files from the pipeline, and -LiteralPath' {
        $odd = "$TestDrive/with [brackets].bin"
        Copy-Item $raw $odd
        ($raw, $sample | Find-PageTableRoot -Top 1).Dump.Path | Should -Be $raw, $sample
        (Get-Item -LiteralPath $odd | Find-PageTableRoot -Top 1).Dump.Path | Should -Be $odd
        (Find-PageTableRoot -LiteralPath $odd -Top 1).Dump.Path | Should -Be $odd
        Remove-Item -LiteralPath $odd
    }

    It 'opens a machine description, and reads one beside a dump' {
        (Find-PageTableRoot "$folder/machine.yaml" -Top 1).Dump.Path | Should -Be "$folder/machine.yaml"
        (Find-PageTableRoot $raw -Machine "$folder/machine.yaml" -Top 1).Dump.MachinePath | Should -Be "$folder/machine.yaml"
    }

    It 'loses only what is missing' {
        $found = Find-PageTableRoot "$TestDrive/none.bin", $sample -Top 1 -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Dump.Path | Should -Be $sample
        $failures.FullyQualifiedErrorId | Should -Be "FileNotFound,$find"
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'FileNotFound'; Script = { Find-PageTableRoot "$TestDrive/none*.bin" } }
        @{ Id = 'FileNotFound'; Script = { Find-PageTableRoot -LiteralPath "$TestDrive/none.bin" } }
        @{ Id = 'FileNotFound'; Script = { Find-PageTableRoot $zeros -Machine "$TestDrive/none.yaml" } }
        @{ Id = 'PathNotFileSystem'; Script = { Find-PageTableRoot Env:/PATH } }
        @{ Id = 'RamBaseInvalid'; Script = { Find-PageTableRoot $zeros -RamBase 0xfffffffffffff000 } }
        @{ Id = 'ModeUnknown'; Script = { Find-PageTableRoot "$TestDrive/none.bin" -Mode ia32e, vax } }
        @{ Id = 'ScoreConflict'; Script = { Find-PageTableRoot "$TestDrive/none.bin" -All -MinimumScore 0.1 } }
        @{ Id = 'ParameterArgumentValidationError'; Script = { Find-PageTableRoot $zeros -Top 0 } }
        @{ Id = 'ParameterArgumentValidationError'; Script = { Find-PageTableRoot $zeros -MinimumScore 1.1 } }) {
        (Get-ErrorOf $Script).FullyQualifiedErrorId | Should -Be "$Id,$find"
    }

    It 'is written in messages as its space is' {
        $root = Find-PageTableRoot (Get-SampleDump) -Top 1
        "$root" | Should -Be "0x904000 (ia32e) in $(Get-SampleDump)"
        "$((Get-PageTableMapping $root -MaximumCount 1).Space)" | Should -Be "$root"
    }

    It 'completes -Mode with modes and families' {
        $names = (TabExpansion2 'Find-PageTableRoot x -Mode ' 27).CompletionMatches
        $names.CompletionText | Should -Contain 'sv39'
        $names.CompletionText | Should -Contain 'arm64'
        ($names | Where-Object CompletionText -EQ arm64).ToolTip | Should -Be 'aarch64-4k, aarch64-16k, aarch64-64k'
        $second = 'Find-PageTableRoot x -Mode ia32e, la5'
        (TabExpansion2 $second $second.Length).CompletionMatches.CompletionText | Should -Be 'la57'
    }

    It 'offers completions that are all taken' {
        foreach ($name in (TabExpansion2 'Find-PageTableRoot x -Mode ' 27).CompletionMatches.CompletionText) {
            Get-ErrorOf { Find-PageTableRoot $zeros -Mode $name -WarningAction Ignore } |
                Where-Object FullyQualifiedErrorId -NE "ModeNotSearchable,$find" | Should -BeNullOrEmpty -Because $name
        }
    }
}

Describe 'A pipeline of three cmdlets' {
    It 'writes every address space, each as by hand' {
        $cores = (New-Item -ItemType Directory "$TestDrive/cores").FullName
        $roots = Find-PageTableRoot $raw -Mode ia32e | Where-Object UserBytes
        Find-PageTableRoot $raw -Mode ia32e | Get-PageTableMapping -Privilege User |
            Export-ElfCore -Path { '{0}/{1:x}.core' -f $cores, $_.Root } -Privilege User -WarningAction Ignore
        Get-FileName $cores | Should -Be ($roots | ForEach-Object { '{0:x}.core' -f $_.Root } | Sort-Object)
        foreach ($root in $sampleRoots) {
            Export-ElfCore "$TestDrive/hand.core" -Dump $raw -Root $root -Mode ia32e -Privilege User -WarningAction Ignore
            Get-Hash ('{0}/{1:x}.core' -f $cores, $root) | Should -Be (Get-Hash "$TestDrive/hand.core")
        }
    }

    It 'unpacks a gzip file once' {
        $said = Get-Said { Find-PageTableRoot "$repository/samples/linux-x64-tiny.elf.gz" -Top 2 | Get-PageTableMapping -MaximumCount 1 -Verbose } Verbose
        $said | Where-Object { $_ -match 'unpacked' } | Should -BeNullOrEmpty
        $said | Where-Object { $_ -match 'as found' } | Should -HaveCount 2
    }

    It 'maps <Guest> as its registers do, from a raw image of which nothing is known' -ForEach $guests {
        $data = "$repository/tests/data/$Guest"
        $known = Get-PageTableMapping "$data/machine.yaml" -WarningAction SilentlyContinue | Where-Object Kind -EQ Ram
        $root = Find-PageTableRoot "$data/raw.bin.gz" -WarningAction SilentlyContinue | Where-Object Root -EQ $known[0].Root
        $root | Should -HaveCount 1
        $root.RamBase | Should -Be ($Guest -like '*-sv*' ? 0x80000000ul : $Guest -like '*-a64-*' ? 0x40000000ul : 0ul)
        $found = $root | Get-PageTableMapping -WarningAction SilentlyContinue | Where-Object Kind -EQ Ram
        $found.VirtualAddress | Should -Be $known.VirtualAddress
        $found.PhysicalAddress | Should -Be $known.PhysicalAddress
        $found.UserRights | Should -Be $known.UserRights
        $hand = @{ Root = $root.Root; Mode = $root.Mode; RamBase = $root.RamBase; WarningAction = 'SilentlyContinue' }
        if ($root.Root1) { $hand.Root1 = $root.Root1 }
        $registers = @{}
        foreach ($register in $root.Registers) { $registers[$register.Key] = $register.Value }
        Get-PageTableMapping "$data/raw.bin.gz" @hand -Register $registers | Where-Object Kind -EQ Ram | ForEach-Object ToString |
            Should -Be ($found | ForEach-Object ToString)
    }
}

Describe 'Get-PageTableMapping of roots' {
    It 'is what -Root and -Mode give' {
        $roots = $sampleRoots[0..1] | ForEach-Object { New-Root $sample $_ }
        $roots | Get-PageTableMapping | Get-Text |
            Should -Be ($sampleRoots[0..1] | ForEach-Object { Get-PageTableMapping $sample -Root $_ -Mode ia32e } | Get-Text)
        Get-PageTableMapping -InputObject $roots[0] -Privilege User -Rights wx | Get-Text |
            Should -Be (Get-PageTableMapping $sample -Root $roots[0].Root -Mode ia32e -Privilege User -Rights wx | Get-Text)
    }

    It 'opens the dump at the RAM base of the root' {
        $words = New-PageTable @(@{ Virtual = 0x400000ul; Physical = 0x80009000ul }) -Root 0x80001000ul -Base 0x80000000ul
        $based = New-RawDump "$TestDrive/based.bin" 64kb $words
        $root = New-Root $based 0x80001000ul @{ RamBase = 0x80000000ul }
        $mapping = $root | Get-PageTableMapping
        $mapping.PhysicalAddress | Should -Be 0x80009000ul
        $mapping | Get-Text | Should -Be (Get-PageTableMapping $based -Root 0x80001000 -Mode ia32e -RamBase 0x80000000 | Get-Text)
    }

    It 'brings registers along, and lets others count instead' {
        $riscv = "$repository/tests/data/bare-sv39/phys.elf.gz"
        $registers = [ElfMmu.RegisterSet]::Empty.With('sstatus', 0x40000ul)
        $root = New-Root $riscv 0x80010000ul @{ Mode = (Get-PagingMode sv39); Registers = $registers }
        $get = @{ MinimumAddress = 0x1011000ul; MaximumAddress = 0x1011000ul; WarningAction = 'SilentlyContinue' }
        ($root | Get-PageTableMapping @get).SupervisorRights | Should -Be 'rw-'
        ($root | Get-PageTableMapping @get -Register @{ sstatus = 0 }).SupervisorRights | Should -Be '---'
    }

    It 'loses only the root that can''t be walked' {
        $roots = (New-Root $small 0x7000000ul), (New-Root $small 0x1000ul)
        $mappings = $roots | Get-PageTableMapping -ErrorVariable failures -ErrorAction SilentlyContinue
        $mappings | Should -HaveCount 4
        $failures.FullyQualifiedErrorId | Should -Be "RootNotInDump,$commands.GetPageTableMappingCommand"
        $failures.TargetObject.Root | Should -Be 0x7000000ul
    }

    It 'refuses a dump that has changed' {
        $changing = New-SmallDump "$TestDrive/changing.bin"
        $root = New-Root $changing 0x1000ul
        [IO.File]::AppendAllText($changing, 'x')
        (Get-ErrorOf { $root | Get-PageTableMapping }).FullyQualifiedErrorId | Should -Be "DumpChanged,$commands.GetPageTableMappingCommand"
    }

    It 'takes no parameter that names another root' {
        $root = New-Root $small 0x1000ul
        foreach ($more in @{ Root = 1 }, @{ Mode = 'pae' }, @{ Cpu = 0 }, @{ NestedRoot = 1 }, @{ AllRoots = $true }) {
            (Get-ErrorOf { Get-PageTableMapping -InputObject $root @more }).FullyQualifiedErrorId |
                Should -Be "RootConflict,$commands.GetPageTableMappingCommand" -Because "$($more.Keys)"
        }

        foreach ($more in @{ RamBase = 1 }, @{ Machine = 'machine.yaml' }) {
            (Get-ErrorOf { $root | Get-PageTableMapping @more }).FullyQualifiedErrorId |
                Should -Be "DumpAlreadyDescribed,$commands.GetPageTableMappingCommand" -Because "$($more.Keys)"
        }
    }
}

Describe 'Get-PageTableMapping where nothing names a root' {
    It 'walks the best one' {
        $best = Find-PageTableRoot $raw -Top 1
        $mappings = Get-PageTableMapping $raw -WarningAction Ignore
        $mappings | Get-Text | Should -Be ($best | Get-PageTableMapping | Get-Text)
        Get-PageTableMapping $raw -Mode x64 -MaximumCount 1 -WarningAction Ignore | ForEach-Object Mode | Should -Be 'ia32e'
    }

    It 'says which one and why, and which others are near' {
        $roots = Find-PageTableRoot $raw
        $near = @($roots | Select-Object -Skip 1 | Where-Object { $_.Score -ge $roots[0].Score - 0.1 })
        $near | Should -Not -BeNullOrEmpty
        $said = Get-Said { Get-PageTableMapping $raw -MaximumCount 1 -Verbose } Verbose | Out-String -Width 1000
        $said | Should -Match ('found root 0x{0:x} \(ia32e\) with a score of .*: {1}' -f $roots[0].Root, [regex]::Escape($roots[0].Reasons[0]))
        $warning = Get-Said { Get-PageTableMapping $raw -MaximumCount 1 } Warning | Out-String -Width 1000
        $warning | Should -Match ('Root 0x{0:x} .*0x{1:x} \(' -f $roots[0].Root, $near[0].Root)
    }

    It 'walks all of them with -AllRoots' {
        $all = Get-PageTableMapping $raw -AllRoots -MaximumCount 1 -WarningAction Ignore
        $all.Root | Should -Be (Find-PageTableRoot $raw | Get-PageTableMapping -MaximumCount 1 -WarningAction Ignore).Root
        $all.Root | Should -Contain 0x942000ul
        ($all.Space | ForEach-Object ToString | Select-Object -Unique).Count | Should -Be $all.Count
    }

    It 'searches with -AllRoots whatever the registers say, and doesn''t without it' {
        (Get-PageTableMapping $sample -AllRoots -MaximumCount 1 -WarningAction Ignore).Root | Should -Contain 0x942000ul
        Get-Said { Get-PageTableMapping $sample -MaximumCount 1 -Verbose } Verbose | Where-Object { $_ -match 'search' } | Should -BeNullOrEmpty
    }

    It 'exports the best one with Export-ElfCore -Dump' {
        $best = Find-PageTableRoot $raw -Top 1
        Export-ElfCore "$TestDrive/best.core" -Dump $raw -WarningAction Ignore
        Export-ElfCore "$TestDrive/hand.core" -Dump $raw -Root $best.Root -Mode $best.Mode -WarningAction Ignore
        Get-Hash "$TestDrive/best.core" | Should -Be (Get-Hash "$TestDrive/hand.core")
    }

    It 'says what to give when nothing is found' {
        $failure = Get-ErrorOf { Get-PageTableMapping $zeros }
        $failure.FullyQualifiedErrorId | Should -Be "RootNotFound,$commands.GetPageTableMappingCommand"
        $failure.Exception.Message | Should -Match 'No root was found in .*zeros\.bin.*Give the root'
    }
}

Describe 'What is shown of roots' {
    BeforeAll {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        $root = New-Root $small 0x1000ul @{
            Score = 0.876; Tables = 12ul; UserBytes = 1536ul; SupervisorBytes = 3gb; State = 'Stale'; Root1 = 0x5000ul
            Reasons = [string[]]('it maps itself', 'its tables agree'); Doubts = [string[]]'it is small'
            Registers = [ElfMmu.RegisterSet]::Empty.With('TCR_EL1', 0x19ul)
        }
    }

    AfterAll { $PSStyle.OutputRendering = $rendering }

    It 'is a table under a line with the dump' {
        $lines = ($root | Out-String -Width 140) -split '\r?\n' | Where-Object { $_ }
        $lines[0].Trim() | Should -Be "Dump: $small"
        $lines[1] | Should -Match '^Root +Mode +RamBase +Score +State +Tables +User +Supervisor +Reasons'
        $lines[3] | Should -Match '^0x1000 +ia32e +0x0 +0\.88 +Stale +12 +1\.5 KiB +3 GiB +it maps itself; its tables agree$'
    }

    It 'fits the window' {
        $lines = ($root | Out-String -Width 100) -split '\r?\n'
        $lines | ForEach-Object { $_.Length } | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessOrEqual 100
    }

    It 'has everything in a list' {
        $text = $root | Format-List | Out-String -Width 120
        $text | Should -Match 'Root +: 0x1000'
        $text | Should -Match 'Score +: 0\.876'
        $text | Should -Match 'Reasons +: it maps itself; its tables agree'
        $text | Should -Match 'Doubts +: it is small'
        $text | Should -Match 'UserBytes +: 1536'
        $text | Should -Match 'Root1 +: 0x5000'
        $text | Should -Match 'Registers +: TCR_EL1 = 0x19'
        $text | Should -Match ('Dump +: {0}' -f [regex]::Escape($small))
    }

    It 'goes into CSV with readable columns' {
        $row = $root | Select-Object Root, Mode, Score | ConvertTo-Csv | Select-Object -Last 1
        $row | Should -Be '"4096","ia32e","0.876"'
    }
}

Describe 'Stopping in the middle of a search: <Name>' -ForEach @(
    @{ Name = 'Find-PageTableRoot'; Script = 'Find-PageTableRoot $dump' }
    @{ Name = 'Get-PageTableMapping'; Script = 'Get-PageTableMapping $dump' }) {
    BeforeAll {
        # Small holes that have to be read, so that a search takes seconds; 64 MiB on the disk.
        $big = New-RawDump "$TestDrive/big.bin" 2gb
        Add-DataPage $big 128kb
        $shell = [powershell]::Create()
        $null = $shell.AddScript("param(`$module, `$dump) Import-Module `$module; $Script; 'finished'").
            AddArgument($modulePath).AddArgument($big)
        $running = $shell.BeginInvoke()
        while (-not $running.IsCompleted -and $shell.Streams.Progress.Count -eq 0) {
            Start-Sleep -Milliseconds 5
        }

        $progress = @($shell.Streams.Progress)
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $clock.Stop()
    }

    AfterAll {
        $shell.Dispose()
        Remove-Item $big
    }

    It 'had shown how far it was' {
        $progress[0].Activity | Should -Be "Searching $big for roots"
        $progress[0].StatusDescription | Should -Match '[\d., ]+ of 2.048 MiB'
        $progress[0].PercentComplete | Should -BeIn (0..100)
    }

    It 'stops at once, without an error' {
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $shell.Streams.Error | Should -BeNullOrEmpty
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 3
    }

    It 'lets go of the dump' {
        [IO.File]::Open($big, 'Open', 'ReadWrite', 'None').Dispose()
    }
}
