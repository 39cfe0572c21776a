"""Calls that layers, losses, initialisation and modules refuse."""

from __future__ import annotations

from parity_tests.bad_calls.operations import each, lines

PAIRS = "mse_loss l1_loss smooth_l1_loss huber_loss soft_margin_loss "
PAIRS += "kl_div hinge_embedding_loss binary_cross_entropy_with_logits"
LOSSES = each(PAIRS, "F.@(c, c, reduction=3)")
LOSSES += each(PAIRS + " multilabel_soft_margin_loss poisson_nll_loss",
               "F.@(c, r(5))", "F.@(c, 'a')", "F.@(c)",
               "F.@(c, c, reduction='x')")
LOSSES += each("binary_cross_entropy gaussian_nll_loss",
               "F.@(c)", "F.@(c, 'a')")
LOSSES += each("MSELoss L1Loss SmoothL1Loss HuberLoss BCELoss "
               "BCEWithLogitsLoss NLLLoss CrossEntropyLoss KLDivLoss "
               "SoftMarginLoss PoissonNLLLoss HingeEmbeddingLoss",
               "nn.@()(c)", "nn.@()(c, 'a')", "nn.@(no_such=1)",
               "nn.@(reduction='x')(c.sigmoid(), c.sigmoid())")
LOSSES += lines("""
F.gaussian_nll_loss(c, c, c[:2].abs())
F.gaussian_nll_loss(c, c, -torch.ones(3, 4))
F.gaussian_nll_loss(c, c, torch.ones(3, 4), reduction='x')
F.gaussian_nll_loss(c, c, 'a')
F.multi_margin_loss(c, k([0, 1]))
F.multi_margin_loss(c, k([0, 1, 4]))
F.multi_margin_loss(c, k([0, 1, -1]))
F.multi_margin_loss(c, k([0, 1, 2]), p=3)
F.multi_margin_loss(c, k([0, 1, 2]), weight=r(3))
F.multi_margin_loss(h, k([0, 1]))
F.multi_margin_loss(c, k([0., 1., 2.]))
F.multilabel_margin_loss(c, i[:, :3])
F.multilabel_margin_loss(c, i)
F.multilabel_margin_loss(h, h.long())
F.multilabel_margin_loss(c, c)
F.multilabel_soft_margin_loss(c, c, weight=r(3))
F.margin_ranking_loss(v, v, c)
F.margin_ranking_loss(c, c, v)
F.margin_ranking_loss(c, c, c, reduction='x')
F.cosine_embedding_loss(c, c, c)
F.cosine_embedding_loss(c, r(3, 5), torch.ones(3))
F.cosine_embedding_loss(c, c, torch.ones(2))
F.cosine_embedding_loss(c, c, torch.ones(3), reduction='x')
F.triplet_margin_loss(c, v, c)
F.triplet_margin_loss(c, r(3, 5), c)
F.triplet_margin_loss(c, c, c, reduction='x')
F.triplet_margin_loss(c, c, c, margin=-1)
F.nll_loss(c, k([0, 1, 4]))
F.nll_loss(c, k([0, 1, 2]), weight=r(3))
F.nll_loss(c, k([0, 1, 2]), reduction='x')
F.nll_loss(z, k(0))
F.cross_entropy(c, k([0, 1, 2]), weight=d[0])
F.cross_entropy(c, 'a')
F.cross_entropy(h, k([[0, 1, 2], [0, 1, 2]]))
nn.CrossEntropyLoss(weight='a')
nn.CrossEntropyLoss()(c, k([0, 1, 9]))
nn.NLLLoss(weight=r(2))(c, k([0, 1, 2]))
F.binary_cross_entropy(c, c)
F.binary_cross_entropy(b.float(), c[:2])
F.binary_cross_entropy(b.float(), b.float(), weight=r(7))
F.binary_cross_entropy_with_logits(c, c, pos_weight=r(3))
F.binary_cross_entropy_with_logits(c, c, weight=r(7))
F.smooth_l1_loss(c, c, beta=-1.0)
F.huber_loss(c, c, delta=-1.0)
F.l1_loss(b, b)
F.kl_div(i, i)
""")

CLASSES = "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d"
CONSTRUCTION = each(CLASSES, "nn.@(3, 4)", "nn.@(3, 4, 2, groups=2)",
                    "nn.@(3, 4, 2, groups=-1)", "nn.@(3, 4, 'a')",
                    "nn.@(3, 4, 2, padding_mode='x')",
                    "nn.@(3, 4, 2, no_such=1)", "nn.@(3, 4, 2)(z)",
                    "nn.@(3, 4, 2)(v)", "nn.@(3, 4, 2)('a')",
                    "nn.@(3, 4, 2)(r(2, 5, 6, 6, 6, 6))")
CONSTRUCTION += each("Linear Bilinear", "nn.@()", "nn.@('a', 2, 3)",
                     "nn.@(2, 3, 4, 5, 6, 7, 8)")
CONSTRUCTION += each("MaxPool1d MaxPool2d AvgPool1d AvgPool2d",
                     "nn.@()", "nn.@(0)(r(2, 3, 8, 8)[..., 0])",
                     "nn.@(2)('a')", "nn.@('a')(h)")
CONSTRUCTION += each("AdaptiveAvgPool1d AdaptiveAvgPool2d "
                     "AdaptiveMaxPool1d AdaptiveMaxPool2d",
                     "nn.@()", "nn.@(-1)(h)", "nn.@(2)(z)", "nn.@('a')(h)")
CONSTRUCTION += each("BatchNorm1d BatchNorm2d InstanceNorm1d InstanceNorm2d",
                     "nn.@()", "nn.@(3)(z)", "nn.@(3)('a')",
                     "nn.@(3)(r(2, 3, 4, 4, 4))")
CONSTRUCTION += each("BatchNorm1d BatchNorm2d", "nn.@(-1)", "nn.@('a')")
CONSTRUCTION += each("Sigmoid Tanh ReLU ELU GELU SiLU Softplus LogSigmoid "
                     "Softsign Mish Hardtanh", "nn.@()('a')", "nn.@()()",
                     "nn.@(no_such=1)", "nn.@()(c, c)")
CONSTRUCTION += each("Dropout Dropout1d Dropout2d AlphaDropout",
                     "nn.@(-0.1)", "nn.@(1.1)", "nn.@('a')", "nn.@()('a')")
CONSTRUCTION += lines("""
nn.Linear(3, 2)(c)
nn.Linear(4, 2)(d)
nn.Linear(4, 2)(i)
nn.Linear(4, 2)(z)
nn.Linear(4, 2)()
nn.Linear(4, -2)
nn.Bilinear(0, 2, 3)
nn.Bilinear(2, 2, 3)(c, c)
nn.Embedding()
nn.Embedding(5, -1)
nn.Embedding(5, 3)(k([5]))
nn.Embedding(5, 3)(k([-1]))
nn.Embedding(5, 3)(c)
nn.Embedding(5, 3)('a')
nn.Embedding(5, 3, padding_idx=5)
nn.Embedding(5, 3, padding_idx=-6)
nn.Embedding(5, 3, _weight=r(4, 3))
F.embedding(k([3]), m)
F.embedding(k([0]), h, max_norm=1.0)
nn.LayerNorm((2, 3))(c)
nn.LayerNorm('a')
nn.GroupNorm(0, 4)
nn.GroupNorm(3, 4)
nn.GroupNorm(2, 4)(c[:, :2])
nn.RMSNorm(3)(c)
nn.LocalResponseNorm(2)(c)
nn.Softmax(5)(c)
nn.Softmax2d()(v)
nn.LogSoftmax(3)(c)
nn.GLU(0)(c)
nn.PReLU(3)(c)
nn.CELU(0)(c)
nn.Hardtanh(2, 1)
nn.Softshrink(-1)(c)
nn.Threshold()
nn.Flatten(2, 1)(h)
nn.Unflatten(1, (2, 2))(h)
nn.PixelShuffle(2)(h)
nn.PixelShuffle(2)(c)
nn.PixelUnshuffle(3)(r(1, 1, 4, 4))
nn.ReflectionPad2d(5)(h)
nn.ReflectionPad1d(9)(h)
nn.ReplicationPad2d(1)(c)
nn.CircularPad2d(9)(h)
nn.ConstantPad2d((1, 2), 0)('a')
F.pad(c, (1,))
F.pad(c, (1, 1, 1, 1, 1, 1))
F.pad(c, (1, 1), mode='x')
F.pad(c, (-3, -3))
F.pad(c, (1, 1), mode='reflect', value=1.0)
F.pad(h, (4, 0), mode='reflect')
F.pad(h, (5, 0), mode='circular')
F.pad(c, 'a')
F.interpolate(h)
F.interpolate(h, scale_factor=2, size=4)
F.interpolate(h, scale_factor=2, mode='x')
F.interpolate(h, scale_factor=2, mode='bilinear')
F.interpolate(c, scale_factor=2)
F.interpolate(h, scale_factor=(2, 2))
F.interpolate(h, size=(2, 2))
F.interpolate(r(1, 1, 4, 4), size=0)
F.interpolate(r(1, 1, 4, 4), scale_factor=2, align_corners=True)
F.interpolate(r(1, 1, 4, 4), scale_factor=2, antialias=True)
F.interpolate(h, scale_factor=2, mode='linear', antialias=True)
F.pixel_shuffle(r(1, 3, 4, 4), 2)
F.pixel_shuffle(c, 0)
F.cosine_similarity(c, v[:2])
F.pairwise_distance(c, r(3, 5))
F.one_hot(c)
F.one_hot(k([0, 3]), 2)
F.softmax(c, 9)
F.glu(r(3, 3))
F.dropout(c, 2.0)
F.dropout(c, 'a')
F.alpha_dropout(c, -1.0)
F.max_unpool2d(h, h.long(), 2)
F.fold(c, (4, 4), 2)
F.unfold(c, 2)
""")

INIT = each("xavier_uniform_ xavier_normal_ kaiming_uniform_ "
            "kaiming_normal_ orthogonal_ sparse_ eye_ dirac_",
            "nn.init.@(v)", "nn.init.@('a')", "nn.init.@()")
INIT += lines("""
nn.init.uniform_(c, 2, 1)
nn.init.normal_(c, 0, -1)
nn.init.constant_(c, 'a')
nn.init.kaiming_uniform_(c, mode='x')
nn.init.kaiming_normal_(c, nonlinearity='x')
nn.init.calculate_gain('x')
nn.init.eye_(h)
nn.init.dirac_(h, groups=3)
nn.init.dirac_(c)
nn.init.sparse_(h, 0.1)
nn.utils.clip_grad_norm_(3, 1.0)
nn.utils.clip_grad_norm_(net.parameters(), 'a')
nn.utils.clip_grad_norm_([k([1.])], 1.0, norm_type='x')
p = nn.Parameter(r(2)); p.grad = k([float('nan'), 1.]) ;; """
             """nn.utils.clip_grad_norm_([p], 1.0, error_if_nonfinite=True)
nn.utils.clip_grad_value_(net.parameters(), 'a')
nn.utils.vector_to_parameters(c, 3)
nn.utils.vector_to_parameters([1.0], net.parameters())
nn.utils.vector_to_parameters(r(3), net.parameters())
nn.utils.parameters_to_vector([])
nn.Parameter(i)
nn.Parameter('a')
""")

MODULES = lines("""
net(r(2, 5))
net(r(1, 4))
net()
net('a')
net.no_such_name
net[3]
net['a']
net.load_state_dict({})
net.load_state_dict({'0.weight': r(3, 4)})
net.load_state_dict({**net.state_dict(), 'x': v})
net.load_state_dict({**net.state_dict(), '0.weight': r(4, 3)})
net.load_state_dict({**net.state_dict(), '1.bias': r(4)})
net.load_state_dict({**net.state_dict(), '0.weight': 3})
net.load_state_dict(3)
net.load_state_dict({'0.weight': r(9, 9)}, strict=False)
net.get_submodule('9')
net.get_submodule('0.weight')
net.get_parameter('0.x')
net.get_parameter('1.running_mean')
net.get_buffer('0.weight')
net.register_buffer('0', v)
net.register_buffer('a.b', v)
net.register_buffer(3, v)
net.register_buffer('b', 3)
net.register_parameter('0', None)
net.register_parameter('p', v)
net.register_parameter('p', y)
net.add_module('a.b', nn.ReLU())
net.add_module('m', 3)
net.add_module('', nn.ReLU())
net.add_module(3, nn.ReLU())
net.train('a')
net.to('nowhere')
net.to(torch.int32)
net.apply(3)
net.append(3)
net.insert(9, nn.ReLU())
net.insert(0, 3)
net.pop(7)
del net[8]
del net.no_such
net[0] = 3
net.extend(3)
net[0].weight = 3
net[0].weight = v
net[1].running_mean = 'a'
net[1].running_mean = 3
net.requires_grad_('a')
l = nn.Linear(2, 2) ;; l.weight = r(2, 2)
l = nn.Linear(2, 2) ;; l.bias = 'a'
l = nn.ModuleList([nn.ReLU()]) ;; l[1]
l = nn.ModuleList([nn.ReLU()]) ;; l.append(3)
l = nn.ModuleList([nn.ReLU()]) ;; l[0] = 3
l = nn.ModuleList([nn.ReLU()]) ;; l(c)
l = nn.ModuleList([nn.ReLU()]) ;; l.extend(3)
l = nn.ModuleDict({'a': nn.ReLU()}) ;; l['b']
l = nn.ModuleDict({'a': nn.ReLU()}) ;; l['b'] = 3
l = nn.ModuleDict({'a': nn.ReLU()}) ;; l[3] = nn.ReLU()
l = nn.ModuleDict({'a': nn.ReLU()}) ;; l.update(3)
l = nn.ModuleDict({'a': nn.ReLU()}) ;; l.update([1])
l = nn.ModuleDict({'a': nn.ReLU()}) ;; l.pop('b')
l = nn.ParameterList([v]) ;; l[4]
l = nn.ParameterList([v]) ;; l['a']
l = nn.ParameterList([v]) ;; l.extend(3)
l = nn.ParameterDict({'a': v}) ;; l['b']
l = nn.ParameterDict({'a': v}) ;; l.pop('b')
class A(nn.Module): pass ;; A()(c)
nn.Sequential(nn.ReLU(), 3)
nn.Sequential(nn.ReLU, nn.ReLU)
torch.func.functional_call(net, 3, (c,))
""")

TABLE = {"losses": LOSSES, "layers": CONSTRUCTION, "first numbers": INIT,
         "modules": MODULES}
