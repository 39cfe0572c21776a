"""Calls that optimizers, schedules, samplers, loaders and files refuse."""

from __future__ import annotations

from parity_tests.bad_calls.operations import each, lines

ALL = "SGD Adam AdamW Adagrad RMSprop Adadelta Adamax NAdam RAdam Rprop ASGD"
OPTIMIZERS = each(ALL, "optim.@([])", "optim.@(v)", "optim.@([3])",
                  "optim.@([y])", "optim.@([x], lr=-1.0)",
                  "optim.@([{'params': [x]}, {'params': [x]}])",
                  "optim.@([x], no_such=1)")
OPTIMIZERS += each("SGD Adam AdamW Adagrad RMSprop Adadelta Adamax NAdam "
                   "RAdam", "optim.@([x], weight_decay=-1.0)")
OPTIMIZERS += each("Adam AdamW Adamax NAdam RAdam",
                   "optim.@([x], betas=(1.0, 0.9))",
                   "optim.@([x], betas=(0.9, -0.1))",
                   "optim.@([x], betas=(0.9,))",
                   "optim.@([x], eps=-1.0)")
OPTIMIZERS += lines("""
optim.SGD([x], momentum=-0.1)
optim.SGD([x], nesterov=True)
optim.SGD([x], momentum=0.9, dampening=0.1, nesterov=True)
optim.Adagrad([x], lr_decay=-1.0)
optim.Adagrad([x], initial_accumulator_value=-1.0)
optim.Adagrad([x], eps=-1.0)
optim.RMSprop([x], eps=-1.0)
optim.RMSprop([x], momentum=-1.0)
optim.RMSprop([x], alpha=-1.0)
optim.Adadelta([x], rho=1.5)
optim.Adadelta([x], eps=-1.0)
optim.NAdam([x], momentum_decay=-1.0)
optim.Rprop([x], etas=(1.5, 1.2))
optim.Rprop([x], etas=(0.5, 0.9))
optim.LBFGS([x, {'params': [v]}])
optim.LBFGS([{'params': [x]}, {'params': [v]}])
optim.LBFGS([x], lr=-1.0)
optim.LBFGS([x]).step()
optim.LBFGS([x], line_search_fn='x').step(lambda: (x * x).sum())
optim.SGD([{'params': [x]}, 3])
optim.SGD([{'lr': 1.0}])

optim.SGD([x, x], lr='a')
opt.add_param_group({'params': list(net.parameters())[:1]})
opt.add_param_group(3)
opt.add_param_group({'params': [y]})
opt.add_param_group({'params': {x}})
opt.add_param_group({'params': [3]})
opt.add_param_group({})
opt.add_param_group({'lr': 3})
opt.load_state_dict({})
opt.load_state_dict(3)
opt.load_state_dict({'state': {}, 'param_groups': []})
opt.load_state_dict({'state': {}, 'param_groups': [{'params': [0]}]})
opt.load_state_dict({**opt.state_dict(), 'param_groups': """
                    """opt.state_dict()['param_groups'] * 2})
opt.step(3)
opt.step(lambda: 1 / 0)
opt.no_such_name
opt.zero_grad(1, 2)
opt.register_step_pre_hook()
a = optim.Adam([x]) ;; a.load_state_dict(opt.state_dict())
p = nn.Parameter(r(2)); q = optim.Adam([p]) ;; q.add_param_group("""
                    """{'params': [p]})
""")

KINDS = "StepLR ExponentialLR MultiStepLR CosineAnnealingLR"
SCHEDULES = each("StepLR ExponentialLR MultiStepLR CosineAnnealingLR "
                 "LambdaLR CosineAnnealingWarmRestarts",
                 "sched.@(opt)", "sched.@(3, 2)", "sched.@(net, 2)",
                 "sched.@(opt, 2, no_such=1)")
SCHEDULES += each("ConstantLR LinearLR PolynomialLR",
                  "sched.@(3)", "sched.@('a')", "sched.@(opt, no_such=1)")
SCHEDULES += lines("""
sched.StepLR(opt, 2, last_epoch=4)
sched.ExponentialLR(opt, 0.5, last_epoch=4)
sched.CosineAnnealingLR(opt, 5, last_epoch=4)
sched.LambdaLR(opt, [lambda n: n, lambda n: n])
sched.MultiplicativeLR(opt, [lambda n: n, lambda n: n])
sched.ConstantLR(opt, factor=2.0)
sched.ConstantLR(opt, factor=-0.1)
sched.LinearLR(opt, start_factor=0.0)
sched.LinearLR(opt, start_factor=2.0)
sched.LinearLR(opt, end_factor=2.0)
sched.CosineAnnealingWarmRestarts(opt, 0)
sched.CosineAnnealingWarmRestarts(opt, -1)
sched.CosineAnnealingWarmRestarts(opt, 2.5)
sched.CosineAnnealingWarmRestarts(opt, 2, T_mult=0)
sched.CosineAnnealingWarmRestarts(opt, 2, T_mult=1.5)
s = sched.CosineAnnealingWarmRestarts(opt, 2) ;; s.step(-1)
sched.CyclicLR(opt)
sched.MultiplicativeLR(opt)
sched.MultiplicativeLR(opt, 2)
sched.CyclicLR(opt, 0.1, 0.2, mode='x')
sched.CyclicLR(opt, [0.1, 0.2], 0.2)
sched.CyclicLR(3, 0.1, 0.2)
sched.CyclicLR(optim.Adagrad([x]), 0.1, 0.2)
sched.OneCycleLR(opt, 0.1)
sched.OneCycleLR(opt, 0.1, total_steps=0)
sched.OneCycleLR(opt, 0.1, total_steps=-1)
sched.OneCycleLR(opt, 0.1, total_steps=2.5)
sched.OneCycleLR(opt, 0.1, epochs=2)
sched.OneCycleLR(opt, 0.1, epochs=0, steps_per_epoch=2)
sched.OneCycleLR(opt, 0.1, epochs=2, steps_per_epoch=0)
sched.OneCycleLR(opt, 0.1, total_steps=9, pct_start=2.0)
sched.OneCycleLR(opt, 0.1, total_steps=9, anneal_strategy='x')
sched.OneCycleLR(opt, [0.1, 0.2], total_steps=9)
sched.OneCycleLR(optim.Adagrad([x]), 0.1, total_steps=9)
s = sched.OneCycleLR(opt, 0.1, total_steps=2); s.step(); s.step() """
                   """;; s.step()
sched.ReduceLROnPlateau(opt, mode='x')
sched.ReduceLROnPlateau(opt, factor=1.0)
sched.ReduceLROnPlateau(opt, threshold_mode='x')
sched.ReduceLROnPlateau(opt, min_lr=[0.1, 0.2])
sched.ReduceLROnPlateau(3)
s = sched.ReduceLROnPlateau(opt) ;; s.step()
s = sched.ReduceLROnPlateau(opt) ;; s.step('a')
sched.SequentialLR(opt, [], [])
sched.SequentialLR(opt, [sched.StepLR(opt, 2)], [3])
sched.SequentialLR(opt, [sched.StepLR(opt, 2), """
                   """sched.ReduceLROnPlateau(opt)], [3])
sched.SequentialLR(opt, [sched.StepLR(opt, 2), """
                   """sched.StepLR(optim.SGD([x]), 2)], [3])
sched.SequentialLR(opt, [sched.StepLR(opt, 2), 3], [3])
sched.ChainedScheduler([])
sched.ChainedScheduler([sched.StepLR(opt, 2), """
                   """sched.StepLR(optim.SGD([x]), 2)])
s = sched.StepLR(opt, 2) ;; s.load_state_dict(3)
s = sched.StepLR(opt, 2) ;; s.no_such_name
sched.LRScheduler(opt)
""")

DATA = lines("""
data.TensorDataset(c, v)
data.TensorDataset(c, 3)
data.ConcatDataset([])
data.ConcatDataset(3)
data.ConcatDataset([rows, rows])[12]
data.ConcatDataset([rows, rows])[-13]
data.Subset(rows, [7])[0]
data.Subset(rows, [0])[1]
rows[6]
rows['a']
data.random_split(rows, [3, 4])
data.random_split(rows, [0.5, 0.6])
data.random_split(rows, [-0.5, 0.5])
data.random_split(rows, 3)
data.RandomSampler([])
data.RandomSampler(rows, replacement='a')
data.RandomSampler(rows, num_samples=0)
data.RandomSampler(rows, num_samples=-1)
data.RandomSampler(rows, num_samples=2.5)
data.WeightedRandomSampler([1, 2], 0)
data.WeightedRandomSampler([1, 2], -1)
data.WeightedRandomSampler([1, 2], 2.5)
data.WeightedRandomSampler([1, 2], True)
data.WeightedRandomSampler([[1, 2]], 1)
data.WeightedRandomSampler([1, 2], 1, replacement=3)
list(data.WeightedRandomSampler([1, 2], 3, replacement=False))
list(data.WeightedRandomSampler([-1, 2], 3))
data.BatchSampler([1], 0, False)
data.BatchSampler([1], -1, False)
data.BatchSampler([1], 2.5, False)
data.BatchSampler([1], True, False)
data.BatchSampler([1], 2, 3)
data.SequentialSampler()
data.DataLoader()
data.DataLoader(rows, 0)
data.DataLoader(rows, -1)
data.DataLoader(rows, 2.5)
data.DataLoader(rows, 'a')
data.DataLoader(rows, num_workers=-1)
data.DataLoader(rows, timeout=-1)
data.DataLoader(rows, timeout=3).__iter__()
data.DataLoader(rows, prefetch_factor=2)
data.DataLoader(rows, persistent_workers=True)
data.DataLoader(rows, num_workers=1, prefetch_factor=-1)
data.DataLoader(rows, shuffle=True, sampler=[1])
data.DataLoader(rows, batch_size=2, batch_sampler=[[1]])
data.DataLoader(rows, shuffle=True, batch_sampler=[[1]])
data.DataLoader(rows, drop_last=True, batch_sampler=[[1]])
data.DataLoader(rows, sampler=[1], batch_sampler=[[1]])
data.DataLoader(rows, batch_size=None, drop_last=True)
data.DataLoader(rows, multiprocessing_context='x')
data.DataLoader(rows, multiprocessing_context='fork')
data.DataLoader(rows, no_such=1)
list(data.DataLoader(rows, sampler=[9]))
list(data.DataLoader([r(2), r(3)], 2))
list(data.DataLoader([None, None], 2))
list(data.DataLoader([object()], 1))
list(data.DataLoader([{'a': 1}, {'b': 1}], 2))
list(data.DataLoader([[1, 2], [1]], 2))
list(data.DataLoader([1, 'a'], 2))
list(data.DataLoader(3))
class S(data.IterableDataset): __iter__ = lambda s: iter([1]) ;; """
             """data.DataLoader(S(), shuffle=True)
class S(data.IterableDataset): __iter__ = lambda s: iter([1]) ;; """
             """data.DataLoader(S(), sampler=[1])
class S(data.IterableDataset): __iter__ = lambda s: iter([1]) ;; """
             """data.DataLoader(S(), batch_sampler=[[1]])
class S(data.IterableDataset): __iter__ = lambda s: iter([1]) ;; """
             """len(data.DataLoader(S()))
class S(data.Dataset): pass ;; S()[0]
class S(data.Dataset): pass ;; len(S())
l = data.DataLoader(rows) ;; l.batch_size = 3
l = data.DataLoader(rows) ;; l.sampler = [1]
l = data.DataLoader(rows) ;; l.drop_last = True
data.default_collate([])
data.default_collate([object()])
data.default_collate([r(2), r(3)])
""")

DISTRIBUTIONS = lines("""
torch.distributions.Normal(0.0, -1.0)
torch.distributions.Normal(0.0, k([1., -1.]))
torch.distributions.Normal(r(2), torch.ones(3))
torch.distributions.Normal('a', 1.0)
torch.distributions.Normal(0.0)
torch.distributions.Normal(0.0, 1.0).log_prob(3)
torch.distributions.Normal(0.0, 1.0).log_prob(k(float('nan')))
torch.distributions.Normal(0.0, 1.0).sample(-1)
torch.distributions.Uniform(1.0, 0.0)
torch.distributions.Uniform(0.0, 1.0).log_prob(k(3.0))
torch.distributions.Bernoulli()
torch.distributions.Bernoulli(0.5, 0.5)
torch.distributions.Bernoulli(1.5)
torch.distributions.Bernoulli(0.5).log_prob(k(0.5))
torch.distributions.Categorical()
torch.distributions.Categorical(k(0.5))
torch.distributions.Categorical(k([-1.0, 2.0]))
torch.distributions.Categorical(k([0.5, 0.5])).log_prob(k(2))
torch.distributions.Multinomial(-1, k([0.5, 0.5]))
torch.distributions.kl_divergence(torch.distributions.Normal(0., 1.), """
                      """torch.distributions.Bernoulli(0.5))
torch.distributions.Normal(0.0, 1.0).expand('a')
""")

FILES = lines("""
torch.save()
torch.save(c)
torch.save(c, 3)
torch.save(c, '/nowhere/at/all')
torch.load()
torch.load(3)
torch.load('/nowhere/at/all')
import io ;; torch.load(io.BytesIO(b''))
import io ;; torch.load(io.BytesIO(b'PK' + bytes(50)))
import io; f = io.BytesIO(); torch.save(c, f) ;; """
              """torch.load(io.BytesIO(f.getvalue()[:200]))
""")

TABLE = {"optimizers": OPTIMIZERS, "schedules": SCHEDULES, "data": DATA,
         "distributions": DISTRIBUTIONS, "files": FILES}
